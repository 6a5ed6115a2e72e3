"""The configuration as the oracle needs it: the names of the spec's config.md and their defaults, nothing more."""
import os
import re
import time

import yaml

import bots
import geo
import times

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
AGENTS = os.path.join(PROJECT, 'config/data/user_agents')
CRAWLERS = os.path.join(PROJECT, 'config/data/crawlers/crawler-user-agents.json')

DEFAULTS = {
    'time': {'max_out_of_orderness': '30s', 'allowed_lateness': '1h'},
    'session': {'timeout': '30m', 'max_duration': '24h', 'split_on_campaign': 'false'},
    'validation': {'max_future': '5m', 'max_age': 'off', 'max_bytes': '1MiB', 'max_depth': '32'},
    'replay': {'now': 'start', 'source': 'web', 'site_url': '', 'site': 'default'},
    'lists': {'referrers': 'default', 'user_agents': 'default', 'headless': 'default'},
    'bots': {'threshold': '1', 'max_events_per_minute': '120', 'crawlers': 'default', 'extra_crawlers': 'off',
             'weights': {'crawler': '1', 'headless': '1', 'empty_agent': '0.5', 'rate': '1', 'burst': '1',
                         'no_interaction': '0.5'}},
    'users': {'retention': '400d'},
    'privacy': {'ip': 'truncate', 'hash_user_ids': 'off', 'mask_pii': 'true'},
    'geo': {'database': 'off'},
    'sources': {},
    'sites': {},
    'goals': [],
    'funnels': [],
}
SOURCE = {'topic': 'topic_web_events', 'format': 'web', 'accept_unknown_types': 'false',
          'sends_interactions': 'false'}
SITE = {'domains': [], 'timezone': 'UTC', 'target_duration': '120s'}

UNITS = {'ms': 1, 's': 1000, 'm': 60_000, 'h': 3_600_000, 'd': 86_400_000}
SIZES = {'': 1, 'B': 1, 'KiB': 1 << 10, 'MiB': 1 << 20, 'GiB': 1 << 30}


def duration(text):
    """Milliseconds, or None where the setting is off."""
    if text in ('off', 'false'):
        return None
    if text == '0':
        return 0
    found = re.fullmatch(r'(\d+)(ms|s|m|h|d)', text)
    if not found:
        raise ValueError(f'not a duration: {text!r}')
    return int(found[1]) * UNITS[found[2]]


def size(text):
    if text in ('off', 'false'):
        return None
    found = re.fullmatch(r'(\d+)(B|KiB|MiB|GiB)?', text)
    if not found:
        raise ValueError(f'not a size: {text!r}')
    return int(found[1]) * SIZES[found[2] or '']


def truth(text):
    return text in ('true', 'yes', 'on')


def merged(base, over):
    """Maps key by key; everything else is replaced."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {k: merged(base[k], over[k]) if k in base and k in over else over.get(k, base.get(k))
                for k in {**base, **over}}
    return base if over is None else over


def without_nulls(value):
    """The loader leaves every scalar a text; a null of YAML is then one of these."""
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items()}
    if isinstance(value, list):
        return [without_nulls(v) for v in value]
    return None if value in ('~', 'null') else value


def parse_yaml(text):
    return without_nulls(yaml.load(text, Loader=yaml.BaseLoader))


def apply_set(tree, assignment):
    path, _, value = assignment.partition('=')
    *parents, last = path.split('.')
    for name in parents:
        tree = tree.setdefault(name, {})
    tree[last] = parse_yaml(value)


def read_time(text):
    at = times.from_integer(int(text)) if text.isdigit() else times.from_text(text)
    if at is None:
        raise ValueError(f'not a time: {text!r}')
    return at


class Match:
    """The `event` of a goal, the `match` of a funnel step: what is empty or 0 is not asked for."""

    def __init__(self, spec):
        spec = spec or {}
        self.type = spec.get('type') or None
        self.name = spec.get('name') or None
        glob = spec.get('page_path') or None
        self.path = glob and re.compile(''.join({'*': '.*', '?': '.'}.get(c) or re.escape(c) for c in glob), re.S)
        self.min_value = float(spec.get('min_value') or 0)

    def meets(self, event):
        if self.type and event.type != self.type:
            return False
        if self.name and event.name != self.name:
            return False
        if self.path and not (event.path is not None and self.path.fullmatch(event.path)):
            return False
        return not self.min_value or (event.value is not None and event.value >= self.min_value * 1e6)


class Goal:
    def __init__(self, spec):
        self.id = spec['id']
        self.match = Match(spec.get('event'))
        self.revenue = truth(spec.get('revenue') or '')


class Funnel:
    def __init__(self, spec):
        self.id = spec['id']
        self.within = duration(spec.get('within') or '24h')
        self.of_users = spec.get('scope') == 'user'
        self.steps = [Match(step.get('match')) for step in spec['steps']]


class Site:
    def __init__(self, spec):
        spec = {**SITE, **{k: v for k, v in (spec or {}).items() if v is not None}}
        self.domains = {plain_host(d.lower()) for d in spec['domains'] or []}
        self.timezone = spec['timezone']
        self.target_s = duration(spec['target_duration']) / 1000


def plain_host(host):
    return host[4:] if host.startswith('www.') else host


def secret(path):
    """What the file holds, without the line break at its end."""
    if path in ('', 'off', 'false'):
        return None
    with open(path, 'rb') as file:
        return re.sub(b'\r?\n\\Z', b'', file.read())


class Settings:
    def __init__(self, tree):
        tree = merged(DEFAULTS, tree or {})
        self.disorder = duration(tree['time']['max_out_of_orderness']) or 0
        self.lateness = duration(tree['time']['allowed_lateness']) or 0
        self.timeout = duration(tree['session']['timeout'])
        self.max_duration = duration(tree['session']['max_duration'])
        if truth(tree['session']['split_on_campaign']):
            raise ValueError('session.split_on_campaign is beyond the oracle')
        self.max_future = duration(tree['validation']['max_future'])
        self.max_age = duration(tree['validation']['max_age'])
        self.max_bytes = size(tree['validation']['max_bytes'])
        self.max_depth = int(tree['validation']['max_depth'])
        now = tree['replay']['now']
        self.now = int(time.time() * 1000) if now == 'start' else read_time(now)
        self.site_url = tree['replay']['site_url'] or ''
        self.log_site = tree['replay']['site'] or 'default'
        given = (tree['sources'] or {}).get(tree['replay']['source'])
        source = {**SOURCE, **(given or {})}
        self.topic = source['topic']
        self.accept_unknown = truth(source['accept_unknown_types'])
        lists = tree['lists']['referrers']
        self.referrers = os.path.join(PROJECT, 'config/data/referrers') if lists == 'default' else lists
        rules = tree['lists']['user_agents']
        self.agent_rules = os.path.join(AGENTS, 'regexes.yaml') if rules == 'default' else rules
        self.device_types = os.path.join(AGENTS, 'device_types.yml')
        self.ip = tree['privacy']['ip']
        self.mask_pii = truth(tree['privacy']['mask_pii'])
        self.secret = secret(tree['privacy']['hash_user_ids'])
        database = tree['geo']['database']
        self.places = None if database in ('', 'off', 'false') else geo.Places(database)
        self.bots = bots.Rules(tree['bots'], truth(source['sends_interactions']))
        listed, extra = tree['bots']['crawlers'], tree['bots']['extra_crawlers']
        self.crawlers = [CRAWLERS if listed == 'default' else listed] + [extra] * (extra not in ('off', 'false'))
        self.headless = None if tree['lists']['headless'] == 'default' else tree['lists']['headless']
        self.goals = [Goal(g) for g in tree['goals'] or []]
        self.all_funnels = [Funnel(f) for f in tree['funnels'] or []]
        self.funnels = [f for f in self.all_funnels if not f.of_users]
        self.user_funnels = [f for f in self.all_funnels if f.of_users]
        self.users_retention = duration(tree['users']['retention'])
        self._sites = {name: Site(spec) for name, spec in (tree['sites'] or {}).items()}
        self._unlisted = Site({})

    def site(self, name):
        return self._sites.get(name, self._unlisted)


def load(path, assignments):
    with open(path, encoding='utf-8') as file:
        tree = parse_yaml(file) or {}
    for assignment in assignments:
        apply_set(tree, assignment)
    return Settings(tree)
