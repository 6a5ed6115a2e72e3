#!/usr/bin/env python3
"""Compares weir's output with the oracle's, as quality.md says what is equal. Exit status 1 if they differ."""
import argparse
import gc
import sys
from collections import Counter
from decimal import Decimal

import compare_gold
import compare_sessions
from differences import MISSING, Differences
from metrics import FAMILIES
from outputs import Outputs, given_session

PARTS = ('summary', 'dlq', 'late', 'events', 'sessions', 'users', *FAMILIES)
EVENT_FIELDS = ('event_type', 'timestamp', 'site_id', 'page_path', 'event_name', 'quality_score', 'session_key',
                'is_bot', 'bot_reasons', 'device_type', 'browser', 'browser_version', 'os', 'os_version', 'device_brand', 'device_model',
                'user_id', 'visitor_id', 'page_url', 'referrer', 'target_url', 'form_fields', 'ip_address', 'country',
                'region', 'city', 'geo_source', 'pii_masked')


UNTOLD = (None, '', '(none)', 'unknown', [])


def counters(diffs, label, weir, oracle):
    """Multisets: what is in one and not in the other."""
    diffs.compared[label] += sum(oracle.values())
    for key, count in sorted((weir - oracle).items(), key=str):
        diffs.add(f'{label}: too many', key, f'{count} more', MISSING)
    for key, count in sorted((oracle - weir).items(), key=str):
        diffs.add(f'{label}: missing', key, MISSING, f'{count} more')


def compare_summary(diffs, weir, oracle):
    diffs.compared['summary fields'] += len(oracle) - 1
    for name, want in oracle.items():
        got = weir.get(name, 0)
        if name == 'dead_letters':
            got = got or {}
            for reason in sorted({*got, *want}):
                same = got.get(reason, 0) == want.get(reason, 0)
                diffs.check(same, f'summary dead_letters.{reason}', 'summary', got.get(reason), want.get(reason))
        elif name != 'hashed_ids':
            diffs.check(got == want, f'summary {name}', 'summary', got, want)


def event_key(record, hashed):
    if hashed:
        return record.get('timestamp'), record.get('page_path'), record.get('late')
    return given_session(record), record.get('event_id'), record.get('late')


def compare_events(diffs, weir, oracle, hashed):
    counters(diffs, 'events', Counter(event_key(r, hashed) for r in weir),
             Counter(event_key(r, hashed) for r in oracle))
    known = [name for name in EVENT_FIELDS if any(name in r for r in weir)]
    absent = sorted(set(EVENT_FIELDS) - set(known))
    if absent and weir:
        diffs.notes.append(f'silver has no {", ".join(absent)}: not compared')
    if hashed:
        return
    ours, theirs = grouped(weir), grouped(oracle)
    for key in ours.keys() & theirs.keys():
        for name in known:
            if name == 'session_key' and key[2] == 'dropped':
                continue                            # it joined none
            got, want = (sorted((spelled(r.get(name)) for r in side[key]), key=str) for side in (ours, theirs))
            diffs.check(got == want, f'events {name}', key, got, want)


def grouped(records):
    """Of one id there may be several: after the window in which it is remembered it is new again."""
    made = {}
    for record in records:
        made.setdefault(event_key(record, False), []).append(record)
    return made


def spelled(value):
    number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return float(value) if number else None if value in UNTOLD else value


def compare_users(diffs, weir, oracle, hashed):
    """Records of weir.users; where ids are every program's own, without them."""
    if hashed:
        ours, theirs = (Counter(str(user_content(r, ('user', 'expired'))) for r in side.values()) for side in (weir, oracle))
        return counters(diffs, 'users', ours, theirs)
    diffs.compared['users'] += len(oracle)
    for key in sorted({*weir, *oracle}):
        got, want = weir.get(key, MISSING), oracle.get(key, MISSING)
        if key in oracle:
            expired = want['expired']
            want = user_content(want)
            got = want if expired and got is MISSING else user_content(got) if key in weir else got
        diffs.check(got == want, 'users', key, got, want)
    return None


def user_content(record, beside=('expired',)):
    return {name: value for name, value in sorted(record.items()) if name not in beside}


def compare(weir, oracle, skip=()):
    diffs = Differences()
    summary = oracle.summary()
    hashed = summary['hashed_ids']
    if 'summary' not in skip:
        compare_summary(diffs, weir.summary(), summary)
    if 'dlq' not in skip:
        counters(diffs, 'dead letters', weir.dead_letters(), oracle.dead_letters())
    if 'late' not in skip:
        counters(diffs, 'late events', weir.late(), oracle.late())
    if 'events' not in skip:
        compare_events(diffs, weir.events(), oracle.events(), hashed)
    if 'sessions' not in skip:
        compare_sessions.compare(diffs, weir.sessions(), oracle.sessions(), hashed)
    if 'users' not in skip:
        compare_users(diffs, weir.users(), oracle.users(), hashed)
    for family in FAMILIES:
        if family not in skip:
            compare_gold.compare_family(diffs, family, weir.gold(family), oracle.gold(family))
    return diffs


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('weir_dir')
    parser.add_argument('oracle_dir')
    parser.add_argument('--skip', action='append', default=[], choices=PARTS, help='a part not to compare')
    parser.add_argument('--limit', type=int, default=20, help='how many differences to show')
    args = parser.parse_args()
    gc.disable()        # millions of live objects, no cycles
    diffs = compare(Outputs(args.weir_dir), Outputs(args.oracle_dir), args.skip)
    print(diffs.report(args.limit))
    return 1 if diffs.total else 0


if __name__ == '__main__':
    sys.exit(main())
