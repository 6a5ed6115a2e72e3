#!/usr/bin/env python3
"""Does the comparer see what it must? Changes one value of each metric and field of an oracle's output, deletes one
record and adds one, each time alone, and sees the comparer object; and sees it accept what is allowed to differ.

    python3 test_compare.py ORACLE_DIR              # of an input of cases.py with some 20,000 events
    python3 test_compare.py ORACLE_DIR FAMILY...    # of these families alone
"""
import copy
import sys
from collections import Counter
from decimal import Decimal

import compare
import compare_gold
import compare_sessions
from differences import Differences
from metrics import FAMILIES, traffic_health
from outputs import Outputs
from tolerances import EXACT_UNIQUES, is_zero

SOME = 100          # records beside those that a change needs


class Tally:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def expect(self, differs, what, run):
        """run(diffs) compares; it must find something, or nothing."""
        diffs = Differences()
        run(diffs)
        if bool(diffs.total) == differs:
            self.passed += 1
        else:
            self.fail(what + (': not noticed' if differs else ': ' + diffs.report(1)))

    def fail(self, what):
        self.failed += 1
        print('FAILED', what)


def changed(value):
    """Another value of the same type, as near as the tolerances let it be seen."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, Decimal):
        return value + Decimal('0.000001')
    if isinstance(value, list):
        return value[:-1] if value else [1]
    if isinstance(value, dict):
        return {} if value else {'x': 1}
    return 'x' if value is None else value + 'x'


def changed_metric(spec, name, value):
    sampled = name.rpartition('_p')[0] in spec.percentiles
    if value is None:
        return 0
    if name in spec.decimals or name in spec.counts or name.startswith('dead_letters_'):
        return changed(value)
    if name in spec.uniques:
        return value + 1 if value < EXACT_UNIQUES else int(value * 1.05)
    if sampled:
        return float(value) * 1.011 if value else 1
    return changed(value) if name in spec.tops else float(value) + 1e-7 * max(1, abs(float(value)))


def allowed_metric(spec, name, value):
    """The same within tolerance, or None."""
    if name in spec.uniques and value >= EXACT_UNIQUES:
        return int(value * 1.03)
    if name.rpartition('_p')[0] in spec.percentiles and value:
        return float(value) * 1.009
    if name in spec.ratios and value is not None:
        return float(value) + 1e-11
    return None


def follow(spec, name, metrics):
    """What is divided by an estimate is divided by that estimate."""
    for quotient, (numerator, denominator, divisor) in spec.ratios.items():
        if denominator == name:
            metrics[quotient] = metrics[numerator] / metrics[denominator] / divisor
    if 'traffic_health' in metrics:
        metrics['returning_visitors'] = max(0, metrics['unique_visitors'] - metrics['new_visitors'])
        metrics['traffic_health'] = traffic_health(metrics)


def with_change(records, key, name, value):
    """A copy in which one metric, or one field of the record, is another."""
    record = copy.deepcopy(records[key])
    (record['metrics'] if name in record['metrics'] else record)[name] = value
    return {**records, key: record}


def examples(records, name):
    """A record in which the metric is something, one in which it is null, one in which it is a large unique."""
    def find(wanted):
        return next((key for key, r in records.items() if wanted(r['metrics'].get(name, 0))), None)
    return (find(lambda v: v is not None and v != 0), find(lambda v: v is None),
            find(lambda v: isinstance(v, int) and v >= EXACT_UNIQUES))


def test_family(tally, family, oracle):
    spec = FAMILIES[family]
    names = {n for r in oracle.values() for n in r['metrics']}
    found = {name: examples(oracle, name) for name in sorted(names)}
    needed = {key for keys in found.values() for key in keys if key} | set(list(oracle)[:SOME])
    oracle = {key: record for key, record in oracle.items() if key in needed}

    def expect(differs, what, weir):
        tally.expect(differs, f'{family} {what}', lambda d: compare_gold.compare_family(d, family, weir, oracle))

    expect(False, 'unchanged', oracle)
    for name, (something, null, large) in found.items():
        if something is None and name != 'sessions_open':
            tally.fail(f'{family} {name}: is nowhere anything in this input')
        for key in filter(None, dict.fromkeys((something or null or next(iter(oracle)), null, large))):
            value = oracle[key]['metrics'].get(name, 0)
            expect(True, f'{name} of {value}', with_change(oracle, key, name, changed_metric(spec, name, value)))
            allowed = allowed_metric(spec, name, value)
            if allowed is not None:
                weir = with_change(oracle, key, name, allowed)
                follow(spec, name, weir[key]['metrics'])
                expect(False, f'{name} within tolerance', weir)
    test_records(expect, family, oracle)
    test_capped(expect, family, oracle)


def test_records(expect, family, oracle):
    key = next(k for k, r in oracle.items() if not is_zero(family, r['metrics']))
    for name in ('window_end', 'events_final', 'final', 'sessions_open', 'late_events', 'family'):
        expect(True, name, with_change(oracle, key, name, changed(oracle[key][name])))
    expect(True, 'deleted record', {k: r for k, r in oracle.items() if k != key})
    added = (*key[:2], -1, key[3])
    expect(True, 'added record', {**oracle, added: oracle[key]})
    zeros = dict.fromkeys(oracle[key]['metrics'], 0)
    expect(False, 'added record of zeros', {**oracle, added: {**oracle[key], 'metrics': zeros}})


def test_capped(expect, family, oracle):
    """Keys thrown together under (other): the sums count, and only those."""
    key, record = next((k, r) for k, r in oracle.items() if not is_zero(family, r['metrics']))
    other = (*key[:3], (('other', '(other)'),))
    weir = {k: r for k, r in oracle.items() if k != key}
    weir[other] = {**copy.deepcopy(record), 'capped': True}
    expect(False, 'capped', weir)
    name = next(n for n in FAMILIES[family].counts if record['metrics'][n])
    expect(True, 'sum of capped', with_change(weir, other, name, record['metrics'][name] + 1))


def test_sessions(tally, oracle):
    merged = {key: r for key, r in oracle.items() if r.get('merged_into')}
    whole = {key: r for key, r in oracle.items() if key not in merged}
    names = list(next(iter(whole.values())))
    found = {n: next((k for k, r in whole.items() if compare_sessions.normal(r[n]) not in (None, False)), None)
             for n in names}
    keep = set(found.values()) | set(list(whole)[:SOME])
    oracle = {key: r for key, r in whole.items() if key in keep} | merged

    def expect(differs, what, weir, hashed=False):
        tally.expect(differs, f'sessions {what}', lambda d: compare_sessions.compare(d, weir, oracle, hashed))

    expect(False, 'unchanged', oracle)
    for name, key in found.items():
        if key is None:
            tally.fail(f'sessions {name}: is nowhere anything in this input')
        else:
            weir = {**oracle, key: {**oracle[key], name: changed(oracle[key][name])}}
            if name == 'session_key':
                weir = {('x' if k == key else k): r for k, r in weir.items()}
            expect(True, name, weir)
            expect(name not in compare_sessions.HASHED, f'{name} (ids hashed)', weir, hashed=True)
    test_session_records(expect, oracle, merged)


def test_session_records(expect, oracle, merged):
    key = next(k for k in oracle if k not in merged)
    away = next(iter(merged))
    for hashed in (False, True):
        expect(True, 'deleted', {k: r for k, r in oracle.items() if k != key}, hashed)
        expect(True, 'added', {**oracle, 'x': oracle[key]}, hashed)
    expect(False, 'withdrawal never published', {k: r for k, r in oracle.items() if k not in merged})
    expect(True, 'withdrawal into another', {**oracle, away: {**merged[away], 'merged_into': 'x'}})
    expect(True, 'withdrawal of what was not merged', {**oracle, key: {**oracle[key], 'merged_into': 'x'}})
    expect(True, 'merged session not withdrawn', {**oracle, away: {**oracle[key], 'session_key': away}})


def test_counters(tally, label, oracle):
    def expect(differs, what, weir):
        tally.expect(differs, f'{label} {what}', lambda d: compare.counters(d, label, weir, oracle))
    expect(False, 'unchanged', oracle)
    key = next(iter(oracle))
    expect(True, 'deleted', oracle - Counter([key]))
    expect(True, 'doubled', oracle + Counter([key]))
    for n in range(len(key)):
        expect(True, f'part {n}', oracle - Counter([key]) + Counter([(*key[:n], changed(key[n]), *key[n + 1:])]))


def test_events(tally, oracle):
    def expect(differs, what, weir):
        tally.expect(differs, f'events {what}', lambda d: compare.compare_events(d, weir, oracle, False))
    expect(False, 'unchanged', oracle)
    expect(True, 'deleted', oracle[1:])
    expect(True, 'doubled', oracle + oracle[:1])
    for name in ('session_id', 'event_id', 'late', *compare.EVENT_FIELDS):
        at = next(n for n, r in enumerate(oracle) if r[name] and r['session_id'])
        weir = list(oracle)
        weir[at] = {**oracle[at], name: changed(oracle[at][name]) if name != 'late' else False}
        expect(True, name, weir)


def test_summary(tally, oracle):
    def expect(differs, what, weir):
        tally.expect(differs, f'summary {what}', lambda d: compare.compare_summary(d, weir, oracle))
    expect(False, 'unchanged', oracle)
    for name, value in oracle.items():
        if isinstance(value, int) and name != 'hashed_ids':
            expect(True, name, {**oracle, name: value + 1})
    for reason, count in oracle['dead_letters'].items():
        expect(True, reason, {**oracle, 'dead_letters': {**oracle['dead_letters'], reason: count - 1}})
    expect(True, 'a new reason', {**oracle, 'dead_letters': {**oracle['dead_letters'], 'x': 1}})


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tally, oracle, only = Tally(), Outputs(sys.argv[1]), sys.argv[2:]
    for family in only or [name for name in FAMILIES if name != 'retention']:
        test_family(tally, family, oracle.gold(family))
    if not only:
        test_rest(tally, oracle)
    print(f'{tally.passed} passed, {tally.failed} failed')
    return 1 if tally.failed else 0


def test_users(tally, oracle):
    def expect(differs, what, weir):
        tally.expect(differs, f'users {what}', lambda d: compare.compare_users(d, weir, oracle, False))
    expect(False, 'unchanged', oracle)
    key = next(iter(oracle))
    expect(True, 'deleted', {k: r for k, r in oracle.items() if k != key})
    expect(True, 'added', {**oracle, ('x', 'y'): oracle[key]})
    for name, value in compare.user_content(oracle[key]).items():
        expect(True, name, {**oracle, key: {**oracle[key], name: changed(value)}})


def test_rest(tally, oracle):
    test_users(tally, oracle.users())
    test_sessions(tally, oracle.sessions())
    test_counters(tally, 'dead letters', oracle.dead_letters())
    test_counters(tally, 'late events', oracle.late())
    test_events(tally, oracle.events()[:3000])
    test_summary(tally, oracle.summary())


if __name__ == '__main__':
    sys.exit(main())
