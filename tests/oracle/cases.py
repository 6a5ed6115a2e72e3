#!/usr/bin/env python3
"""Writes adversarial input for weir and its oracle: web events as JSON lines, one partition a file. The configuration
that goes with it is cases.yaml; the README says which case would notice what."""
import argparse
import random
import sys
import zlib

import cases_agents
import cases_content
import cases_faults
import cases_sessions
from case_kit import BEGIN, DISORDER, END, HOUR, MINUTE, NOW, SECOND, Deck, page

HEAVY_FROM = 8000       # events; below, the cases that take a thousand records and more are left out
KINDS = ('page_view',) * 8 + ('click',) * 5 + ('scroll',) * 4 + \
         ('form_submit', 'video_play', 'custom_event', 'custom_event')
PATHS = ('/', '/cart', '/checkout', '/checkout/pay', '/thanks/you', '/blog/1', '/blog/2', '/signup', '/again', '/done',
         '/ä')
COUNTRIES = (None, 'DE', 'FR', 'US', 'JP')


def ordinary(deck):
    """A visit as most are; a few of its events late, doubled or far too late."""
    rng, site = deck.rng, deck.site()
    session, t = deck.fresh('visit'), deck.start(3 * HOUR)
    visitor = f'visitor-{rng.randrange(5000)}'
    common = {'site_id': site, 'visitor_id': visitor, 'country': rng.choice(COUNTRIES), 'device_type': rng.choice(
        ('mobile', 'desktop', 'tablet', None)), 'browser': rng.choice(('Firefox', 'Chrome', None)), 'os': rng.choice(
            ('Linux', 'iOS', None)), 'user_id': visitor.replace('visitor', 'user') if rng.random() < 0.3 else None}
    for n in range(min(rng.randrange(1, 30), rng.randrange(1, 30))):
        kind = 'page_view' if n == 0 else rng.choice(KINDS)
        record = deck.record(t, kind, session, **common, **details(rng, kind, site, n))
        arrival = t + delay(rng)
        deck.send(record, t, arrival)
        if rng.random() < 0.02:
            deck.send(record, t, arrival + rng.randrange(2 * HOUR))
        t += int(rng.expovariate(1 / 40)) * SECOND + rng.randrange(1000)
        if t > END:
            break


def delay(rng):
    luck = rng.random()
    limit = 20 * SECOND if luck < 0.95 else 3 * MINUTE if luck < 0.98 else 55 * MINUTE if luck < 0.998 else 2 * HOUR
    return rng.randrange(limit)


def details(rng, kind, site, n):
    path = rng.choice(PATHS)
    found = {'page_url': page(site, path)}
    if kind == 'page_view':
        found['page_load_time_ms'] = int(rng.lognormvariate(6.5, 0.8)) % 600_000
        if n == 0:
            found['referrer'] = rng.choice(cases_content.REFERRERS + (None,) * 20)
            found['page_url'] += rng.choice(cases_content.QUERIES + ('',) * 20)
    elif kind == 'click':
        found['element_id'] = rng.choice(('buy', 'menu', 'more', None))
    elif kind == 'scroll':
        found['scroll_depth'] = rng.randrange(101)
    elif kind == 'form_submit':
        found.update(form_id=rng.choice(('login', 'search')), form_success=rng.random() < 0.7,
                     form_error=rng.choice((None, 'empty', 'wrong')))
    elif kind == 'video_play':
        found.update(video_id=f'v{rng.randrange(4)}', autoplay=rng.choice((True, False, None)))
    else:
        found.update(event_name=rng.choice(('form_start', 'purchase', 'like')), form_id='login',
                     event_value=rng.choice((None, 5, 120.5)))
    return found


def deal(seed, events, partitions):
    deck = Deck(random.Random(seed))
    heavy = events >= HEAVY_FROM
    for _ in range(1 + events // 20_000):
        for module in (cases_sessions, cases_content, cases_faults, cases_agents):
            for case in module.CASES:
                case(deck)
    for module in (cases_sessions, cases_content, cases_faults, cases_agents):
        for case in module.ONCE if heavy else ():
            case(deck)
    while len(deck.items) < events:
        ordinary(deck)
    cases_sessions.future(deck, [key_of(n, partitions) for n in range(partitions)])
    return deck.items


def partition_of(key, partitions):
    return zlib.crc32(key.encode()) % partitions


def key_of(partition, partitions):
    """A key that this partition holds."""
    return next(str(n) for n in range(10_000) if partition_of(str(n), partitions) == partition)


def write(paths, items, rng):
    files = [open(path, 'wb') for path in paths]
    highest = [BEGIN] * len(paths)
    for _, _, key, t, payload in sorted(items, key=lambda item: item[:2]):
        n = partition_of(key, len(paths))
        if callable(payload):
            t, payload = payload(highest[n] - DISORDER)
        if t is not None:
            highest[n] = max(highest[n], min(t, NOW))
        files[n].write(payload + b'\n' * (1 if rng.random() > 0.001 else 2))
    for file in files:
        file.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--out', nargs='+', required=True, metavar='FILE')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--events', type=int, default=20_000, help='about how many; the cases alone are some 850')
    args = parser.parse_args()
    write(args.out, deal(args.seed, args.events, len(args.out)), random.Random(args.seed))


if __name__ == '__main__':
    sys.exit(main())
