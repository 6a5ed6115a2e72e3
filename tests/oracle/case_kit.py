"""What the cases of cases.py are made with: a deck of records, each with the moment at which it arrives."""
import json
from datetime import datetime, timedelta, timezone

SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
BEGIN = 1_709_985_600_000       # 2024-03-09T12:00:00Z
END = BEGIN + 42 * HOUR
NOW = END + 6 * HOUR            # replay.now of cases.yaml
DISORDER, LATENESS, TIMEOUT = 30 * SECOND, HOUR, 30 * MINUTE
SITES = ('shop', 'blog', 'docs', 'default')
HOSTS = {'shop': 'shop.example', 'blog': 'blog.example', 'docs': 'docs.example', 'default': 'www.default.example'}
AGENT = 'cases/1.0'


class Deck:
    """Records as (arrival, serial, key of the partition, event time or None, payload). A payload may be a function of
    the partition's W at that place; it answers (event time, bytes)."""

    def __init__(self, rng):
        self.rng, self.items, self.serial = rng, [], 0

    def push(self, arrival, key, t, payload):
        self.serial += 1
        self.items.append((arrival, self.serial, key, t, payload))

    def fresh(self, case):
        self.serial += 1
        return f'{case}-{self.serial}'

    def event(self, t, kind, session, arrival=None, **fields):
        """One web event; a field of None is left out. Answers the record, to be sent again or changed."""
        record = self.record(t, kind, session, **fields)
        self.send(record, t, t if arrival is None else arrival)
        return record

    def record(self, t, kind, session, **fields):
        site = fields.get('site_id', 'shop')
        made = {'event_id': self.fresh('e'), 'event_type': kind, 'timestamp': self.spelled(t), 'session_id': session,
                'visitor_id': 'v-' + session if session else None, 'site_id': site, 'user_agent': AGENT}
        if kind not in ('session_start', 'session_end', 'custom_event'):
            made['page_url'] = page(site, '/')
        made.update(fields)
        return {name: value for name, value in made.items() if value is not None}

    def send(self, record, t, arrival):
        key = record.get('session_id') or record.get('visitor_id') or record.get('user_id') or ''
        self.push(arrival, key, t, line(record))

    def spelled(self, t):
        """One of the spellings of a time."""
        choices = [t, utc(t), utc(t).lower(), offset(t, self.rng.choice((-330, 60, 765)))]
        if t % SECOND == 0:
            choices += [t // SECOND, utc(t)[:19] + 'Z']
        return self.rng.choice(choices)

    def start(self, length=2 * HOUR):
        """A moment from which a case of that length fits."""
        return self.rng.randrange(BEGIN, END - length)

    def site(self):
        return self.rng.choice(SITES)


def line(record):
    return json.dumps(record, ensure_ascii=False, separators=(',', ':')).encode()


def page(site, path, query=''):
    return f'https://{HOSTS.get(site, HOSTS["shop"])}{path}{query}'


def utc(t):
    at = datetime.fromtimestamp(t // 1000, timezone.utc)
    return f'{at:%Y-%m-%dT%H:%M:%S}.{t % 1000:03d}Z'


def offset(t, minutes):
    zone = timezone(timedelta(minutes=minutes))
    at = datetime.fromtimestamp(t // 1000, zone)
    sign, size = ('-' if minutes < 0 else '+'), abs(minutes)
    return f'{at:%Y-%m-%dT%H:%M:%S}.{t % 1000:03d}999{sign}{size // 60:02d}:{size % 60:02d}'


def view(deck, t, session, path, **fields):
    site = fields.get('site_id', 'shop')
    query = fields.pop('query', '')
    return deck.event(t, 'page_view', session, page_url=page(site, path, query), **fields)
