"""Sessions: the last revision of each, and what was merged away."""
from collections import Counter
from decimal import Decimal

from differences import MISSING

HASHED = ('session_key', 'session_id', 'user_id', 'visitor_id')      # of access logs: every program's own
NOTHING = (None, '', '(none)', 'unknown', [], {})


def number(value):
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def normal(value):
    """What says nothing is the same, however it is said: absent, null, 0, empty, (none), unknown."""
    return None if value in NOTHING or (number(value) and value == 0) else value


def same(name, weir, oracle):
    if name == 'quality_score':
        return abs(float(weir or 0) - float(oracle or 0)) <= 1e-9
    weir, oracle = normal(weir), normal(oracle)
    return type(weir) is type(oracle) and weir == oracle or number(weir) and number(oracle) and weir == oracle


def compare(diffs, weir, oracle, hashed):
    merged = {key: r['merged_into'] for key, r in oracle.items() if r.get('merged_into')}
    wanted = {key: r for key, r in oracle.items() if key not in merged}
    diffs.compared['sessions'] += len(wanted)
    if hashed:
        compare_contents(diffs, [r for r in weir.values() if not r.get('merged_into')], list(wanted.values()))
    else:
        compare_by_key(diffs, weir, wanted, merged)


def compare_by_key(diffs, weir, wanted, merged):
    for key, record in weir.items():
        if record.get('merged_into'):
            got, want = record['merged_into'], merged.get(key, MISSING)
            diffs.check(got == want, 'sessions merged_into', key, got, want)
        elif key not in wanted:
            diffs.add('sessions: too many', key, record, MISSING)
    for key, want in wanted.items():
        got = weir.get(key)
        if got is None:
            diffs.add('sessions: missing', key, MISSING, want)
        elif not got.get('merged_into'):
            compare_fields(diffs, key, got, want)


def compare_fields(diffs, key, got, want):
    for name, value in want.items():
        diffs.check(same(name, got.get(name), value), f'sessions {name}', key, got.get(name), value)


def content(record, names):
    """A session without its ids, as text; numbers in one spelling."""
    def spelled(value):
        if isinstance(value, (list, tuple)):
            return [spelled(v) for v in value]
        if isinstance(value, dict):
            return {k: spelled(value[k]) for k in sorted(value)}
        if number(value):
            return str(int(value)) if value == int(value) else f'{float(value):.9g}'
        return value
    return '; '.join(f'{name}={spelled(normal(record.get(name)))}' for name in names)


def compare_contents(diffs, weir, oracle):
    names = [name for name in (oracle[0] if oracle else {}) if name not in HASHED]
    ours, theirs = Counter(content(r, names) for r in weir), Counter(content(r, names) for r in oracle)
    for text, count in (ours - theirs).items():
        diffs.add('sessions: too many', f'{count} like', text, MISSING)
    for text, count in (theirs - ours).items():
        diffs.add('sessions: missing', f'{count} like', MISSING, text)
