#!/usr/bin/env python3
"""Writes input for the users stage: half a year of visitors who come back, or do not. The configuration is cases.yaml
with RETENTION; the README says which case would notice what."""
import argparse
import random
import sys

from case_kit import AGENT, HOUR, MINUTE, SECOND, line, page
from cases import key_of, partition_of

DAY = 24 * HOUR
BEGIN = 1_704_067_200_000       # 2024-01-01T00:00:00Z
DAYS = 170
RETENTION = 45                  # days, users.retention
EDGES = (0, 1, 2, 6, 7, 8, 13, 14, 20, 21, 27, 28, 29, 30, 31, 34, 35, 41, 42, 48, 49, 55, 56, 62, 63, 69, 70, 76, 77, 83,
         84, 90, 91)            # where shares of retention begin and end


class Visits:
    """Records as (arrival, serial, key of the partition, payload)."""

    def __init__(self, rng):
        self.rng, self.items, self.serial = rng, [], 0

    def fresh(self, what):
        self.serial += 1
        return f'{what}-{self.serial}'

    def send(self, t, session, kind='page_view', path='/', delay=0, **fields):
        site = fields.get('site_id', 'shop')
        record = {'event_id': self.fresh('e'), 'event_type': kind, 'timestamp': t, 'session_id': session,
                  'site_id': site, 'user_agent': AGENT, 'page_url': page(site, path), **fields}
        self.items.append((t + delay, self.serial, session, line({k: v for k, v in record.items() if v is not None})))

    def visit(self, t, who, views=1, session=None, gap=20 * SECOND, **fields):
        """A session of so many views."""
        session = session or self.fresh('visit')
        for n in range(views):
            self.send(t + n * gap, session, path=f'/p{n % 3}', **who, **fields)
        return session


def coming_back(v, base):
    """Visitors who come on days at the edges of retention's shares, around midnight, and two at a time."""
    for n in range(60):
        who = {'visitor_id': v.fresh('back')} if n % 3 else {'user_id': v.fresh('user')}
        site = 'shop' if n % 4 else 'blog'
        for day in sorted(v.rng.sample(EDGES, v.rng.randrange(1, 9))):
            t = base + day * DAY + v.rng.choice((0, 1, 12 * HOUR, DAY - SECOND, v.rng.randrange(DAY - HOUR)))
            v.visit(t, who, v.rng.choice((1, 1, 2, 3, 6)), gap=v.rng.choice((2, 5, 29, 30, 31)) * SECOND, site_id=site,
                    page_load_time_ms=v.rng.choice((None, 300, 1500, 4000, 9000)))
            if v.rng.random() < 0.2:
                v.visit(t, who, 1, site_id=site)            # another device, in the same moment
            if v.rng.random() < 0.2:
                session = v.visit(t + HOUR, who, 1, site_id=site)
                v.send(t + HOUR + MINUTE, session, 'custom_event', event_name='purchase', event_value=12.5, **who,
                       site_id=site)


def edges(v, base):
    """Each share of retention by its first and last day, and the days beside them."""
    for day in EDGES[1:]:
        who = {'visitor_id': v.fresh('edge')}
        for at in {0, day // 3, 2 * day // 3, day}:         # never away for as long as users.retention
            v.visit(base + at * DAY + HOUR, who)


def away(v, base):
    """Silences around users.retention: to the millisecond, from the end of the last session."""
    for more in (-1, 0, 1, DAY):
        who = {'visitor_id': v.fresh('away')}
        v.visit(base, who, 2, gap=MINUTE)
        v.visit(base + MINUTE + RETENTION * DAY + more, who)
        v.visit(base + MINUTE + RETENTION * DAY + more + 7 * DAY, who)
    v.visit(base, {'visitor_id': v.fresh('gone')})


def revised(v, base):
    """Sessions that begin earlier, become one, or go to another user, after others of the user were published."""
    for n in range(30):
        t, who = base + n * 7 * HOUR, {'visitor_id': v.fresh('revised')}
        session = v.visit(t + 35 * MINUTE, who, 2)
        v.send(t + 20 * MINUTE, session, delay=55 * MINUTE, **who)                      # it begins earlier
        v.visit(t + 25 * MINUTE, who)                                                   # which was the first
        other = v.visit(t + 2 * HOUR, who)
        v.visit(t + 2 * HOUR + 40 * MINUTE, who, session=other)
        v.send(t + 2 * HOUR + 20 * MINUTE, other, delay=50 * MINUTE, **who)             # a bridge: one is withdrawn
        moved = v.visit(t + 4 * HOUR, {'visitor_id': v.fresh('visitor')}, 2)
        v.send(t + 4 * HOUR + 5 * SECOND, moved, 'click', delay=50 * MINUTE, element_id='in',
               user_id=who['visitor_id'])                                               # it is this user's after all


def funnel(v, base):
    """The steps of `subscribe` over sessions: complete, cut short by time, overlapping, in the middle, two in one event."""
    def step(t, who, number, session=None, delay=0):
        session = session or v.fresh('step')
        if number == 3:
            v.send(t, session, 'custom_event', '/plans/pay', delay, event_name='subscribe', **who)
        else:
            v.send(t, session, 'page_view', ('/plans', '/plans/pay')[number - 1], delay, **who)
        return session
    for n in range(25):
        who, t = {'visitor_id': v.fresh('plan')}, base + n * 5 * HOUR
        for _ in range(v.rng.randrange(2, 14)):
            step(t, who, v.rng.choice((1, 1, 2, 2, 3)))
            t += v.rng.choice((0, SECOND, MINUTE, 3 * HOUR, DAY, 3 * DAY))
    for limit in (-1, 0, 1):                                # the last step at the end of `within`
        who = {'visitor_id': v.fresh('limit')}
        step(base, who, 1)
        step(base + DAY, who, 2)
        step(base + 3 * DAY + limit, who, 3)
        step(base + 3 * DAY + limit + 1, who, 1)
    who = {'visitor_id': v.fresh('middle')}
    session = step(base, who, 1)
    late = step(base + 40 * MINUTE, who, 2, delay=55 * MINUTE)
    step(base + 41 * MINUTE, who, 3, session)
    step(base + 42 * MINUTE, who, 3, late)
    for key in ('twin-a', 'twin-b'):                        # ties: by session_key
        step(base + HOUR, {'visitor_id': 'twins'}, 1 if key == 'twin-a' else 2, key)


def shared(v, base):
    """One name that very many share: more hits of a funnel in a day than are kept; the next day has room again."""
    who = {'user_id': v.fresh('shared')}
    for day in range(2):
        for n in range(450):
            t, session = base + day * DAY + n * 30 * SECOND, v.fresh('shared-visit')
            for k in range(6):
                v.send(t + k * SECOND, session, path='/plans' if k % 2 == 0 else '/plans/pay', **who)
            if n % 50 == 0:
                v.send(t + 6 * SECOND, session, 'custom_event', '/plans/pay', event_name='subscribe', **who)


def heartbeat(v, partitions):
    """Every partition has events every day: the lowest watermark follows."""
    for day in range(DAYS + 1):
        for n in range(partitions):
            v.visit(BEGIN + day * DAY + 23 * HOUR, {'visitor_id': f'regular-{n}-{day // 50}'},
                    session=key_of(n, partitions), site_id='docs')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--out', nargs='+', required=True, metavar='FILE')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    v = Visits(random.Random(args.seed))
    for base in (BEGIN + HOUR, BEGIN + 60 * DAY + 11 * HOUR, BEGIN + 74 * DAY):
        for case in (coming_back, edges, away, revised, funnel):
            case(v, base)
    shared(v, BEGIN + 100 * DAY + HOUR)
    heartbeat(v, len(args.out))
    files = [open(path, 'wb') for path in args.out]
    for _, _, key, payload in sorted(v.items, key=lambda item: item[:2]):
        files[partition_of(key, len(files))].write(payload + b'\n')
    for file in files:
        file.close()


if __name__ == '__main__':
    sys.exit(main())
