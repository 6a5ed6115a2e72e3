"""An output directory, weir's or the oracle's, as the comparer sees it: the last record of each key."""
import json
import os
from collections import Counter
from decimal import Decimal

PARSER = json.JSONDecoder(parse_float=Decimal)


def values(path):
    with open(path, encoding='utf-8') as file:
        for line in file:
            if line.strip():
                value = PARSER.decode(line)
                if value is not None:
                    yield value


def source_of(record):
    """(topic, partition, offset), nested as in a dead letter or beside the rest."""
    source = record.get('source')
    source = source if isinstance(source, dict) else record
    return source.get('topic'), source.get('partition'), source.get('offset')


def given_session(record):
    """A derived session's id begins with ~: no id was given."""
    session = record.get('session_id')
    return None if not session or session.startswith('~') else session


class Outputs:
    def __init__(self, folder):
        self.folder = folder

    def has(self, name):
        return os.path.exists(os.path.join(self.folder, name))

    def read(self, name):
        return values(os.path.join(self.folder, name))

    def summary(self):
        with open(os.path.join(self.folder, 'summary.json'), encoding='utf-8') as file:
            return PARSER.decode(file.read().strip())

    def sessions(self):
        """Last record of each session_key. A record left behind under a user's former key is not one."""
        return {r['session_key']: r for r in self.read('sessions.ndjson') if not r.get('moved_to')}

    def users(self):
        return {(r['site_id'], r['user']): r for r in self.read('users.ndjson')}

    def dead_letters(self):
        return Counter((*source_of(r), r.get('reason'), r.get('field') or None) for r in self.read('dlq.ndjson'))

    def late(self):
        return Counter(source_of(r)[1:] for r in self.read('late.ndjson'))

    def events(self):
        return list(self.read('events.ndjson'))

    def gold(self, family):
        name = f'gold/{family}.ndjson'
        if not self.has(name):
            return {}
        return {gold_key(r): r for r in self.read(name)}


def gold_key(record):
    return (record['site_id'], record['granularity'], record['window_start'],
            tuple(sorted((k, str(v)) for k, v in record['key'].items())))
