#!/usr/bin/env python3
"""The oracle against answers worked out by hand, rule by rule of the spec. Run: python3 test_oracle.py"""
import json
import os
import subprocess
import sys
import tempfile

import strict_json
import times
from web_events import micros

HERE = os.path.dirname(os.path.abspath(__file__))
CONFIG = 'replay: {now: "2024-03-11T06:00:00Z"}\nfunnels: [{id: f, within: 10m, steps: [{match: {page_path: /a}}, ' \
         '{match: {page_path: /b}}]}]\ngoals: [{id: g, event: {name: buy}, revenue: true}]\n'
T0 = 1_710_000_000_000          # a full five minutes
MINUTE = 60_000
results = {True: 0, False: 0}


def same(what, got, want):
    results[got == want] += 1
    if got != want:
        print(f'FAILED {what}: {got!r}, not {want!r}')


def event(minutes, kind='page_view', path='/a', session='s', **fields):
    event.count = getattr(event, 'count', 0) + 1
    return {'event_id': str(event.count), 'event_type': kind, 'timestamp': T0 + round(minutes * MINUTE),
            'session_id': session, 'user_agent': 'x', 'page_url': 'https://h.example' + path, **fields}


def run(*records):
    """(name of an output file) -> its values."""
    with tempfile.TemporaryDirectory() as folder:
        config, data = os.path.join(folder, 'c.yaml'), os.path.join(folder, 'in.ndjson')
        with open(config, 'w', encoding='utf-8') as file:
            file.write(CONFIG)
        with open(data, 'w', encoding='utf-8') as file:
            file.write('\n'.join(json.dumps(r) for r in records))
        subprocess.run([sys.executable, os.path.join(HERE, 'oracle.py'), '--config', config, '--out', folder, data],
                       check=True)
        return {name: [json.loads(line) for line in open(os.path.join(at, name), encoding='utf-8')]
                for at, _, names in os.walk(folder) for name in names if name.endswith('json')}


def sessions(*records):
    """[(start, end, events)] in minutes, and the merged ones."""
    found = run(*records)['sessions.ndjson']
    whole = [(round((s['started_at'] - T0) / MINUTE), round((s['ended_at'] - T0) / MINUTE), s['events'])
             for s in found if 'merged_into' not in s]
    return sorted(whole), [(s['session_key'], s['merged_into']) for s in found if 'merged_into' in s]


def test_sessions():
    same('a gap of the timeout joins', sessions(event(0), event(30))[0], [(0, 30, 2)])
    same('more cuts', sessions(event(0), event(30 + 1 / MINUTE))[0], [(0, 0, 1), (30, 30, 1)])
    key = f'topic_web_events|default|s|{T0 + 50 * MINUTE}'
    same('a late event bridges', sessions(event(0), event(50), event(25)),
         ([(0, 50, 3)], [(key, f'topic_web_events|default|s|{T0}')]))
    same('W is 30 s behind: 59.5 min late is late', sessions(event(61), event(0.5))[0][0], (0, 0, 1))
    same('too late', run(event(60.5 + 1 / MINUTE), event(-0.0))['summary.json'][0]['too_late'], 1)
    same('too late by nothing', run(event(60.5), event(-1))['summary.json'][0]['too_late'], 1)
    first = event(0)
    same('a duplicate stretches nothing', sessions(first, {**first, 'timestamp': T0 + 9 * MINUTE})[0], [(0, 0, 1)])
    day = [event(20 * n) for n in range(75)]
    same('no longer than a day', sessions(*day)[0], [(0, 1440, 73), (1460, 1480, 2)])


def test_content():
    out = run(event(0), event(1, path='/b'), event(2, 'custom_event', event_name='buy', event_value=2.5),
              event(13, path='/b'), event(14, session='other', referrer='https://www.google.com/'))
    session = next(s for s in out['sessions.ndjson'] if s['session_id'] == 's')
    same('pages', [p['time_on_page_ms'] for p in session['pages']], [MINUTE, 12 * MINUTE, 0])
    same('funnel', session['funnel_steps'], {'f': 2})
    same('goal', (session['conversions'], session['revenue']), (['g'], 2.5))
    same('source', {(s['session_id'], s['medium'], s['source']) for s in out['sessions.ndjson']},
         {('s', 'direct', '(direct)'), ('other', 'organic', 'Google')})
    day = next(r['metrics'] for r in out['site.ndjson'] if r['granularity'] == '1d')
    same('site', [day[n] for n in ('events', 'page_views', 'unique_visitors', 'sessions_closed', 'bounces', 'revenue')],
         [5, 4, 2, 2, 1, 2.5])
    same('percentile at rank floor(q (n - 1))', day['session_duration_s_p90'], 0.0)
    steps = {r['key']['step']: r['metrics'] for r in out['funnels.ndjson'] if r['granularity'] == '1d'}
    same('funnel steps', [(m['entered'], m['completed'], m['time_to_next_s_p50']) for m in
                          (steps['1'], steps['2'])], [(2, 1, 60.0), (1, 0, None)])


def test_bots():
    out = run(event(0), event(1, path='/b'), event(2, user_agent='curl/8.0'), event(3, path='/c'),
              event(50, path='/d'), event(51, session='person', user_agent=''))
    same('bots', {(s['session_id'], s['started_at'], s['is_bot'], tuple(s['bot_reasons'])) for s in
                  out['sessions.ndjson']},
         {('s', T0, True, ('crawler',)), ('s', T0 + 50 * MINUTE, True, ('crawler',)),
          ('person', T0 + 51 * MINUTE, False, ('empty_agent',))})
    day = {r['family']: r['metrics'] for name in ('site', 'quality') for r in out[name + '.ndjson']
           if r['granularity'] == '1d'}
    same('site of bots', [day['site'][n] for n in ('events', 'bot_events', 'sessions_started', 'sessions_closed')],
         [3, 3, 1, 1])
    same('quality of bots', [day['quality'][n] for n in ('bot_events', 'bot_events_before_verdict',
                                                         'bot_sessions_crawler', 'bot_percentage')], [3, 2, 2, 50.0])
    shown = [(e['is_bot'], e['browser']) for e in out['events.ndjson']]
    same('silver of bots', shown[1:4], [(False, None), (True, 'curl'), (True, None)])


def test_faults():
    out = run(event(0, event_type='x'), event(0, page_url='/x'), event(0, timestamp='x'), event(0, session_id='~x'),
              [1], event(0, page_load_time_ms=1.0))
    same('reasons', [(d['reason'], d['field']) for d in out['dlq.ndjson']],
         [('unknown_event_type', 'event_type'), ('invalid_url', 'page_url'), ('invalid_timestamp', 'timestamp'),
          ('out_of_range', 'session_id'), ('not_an_object', None), ('wrong_type', 'page_load_time_ms')])


def outcome(raw):
    try:
        return strict_json.parse(raw)
    except (strict_json.Malformed, strict_json.TooDeep) as fault:
        return type(fault).__name__


def test_readers():
    for raw, want in ((b'{"a":1,"a":2}', {'a': 1}), (b'[1.0]', [1.0]), (b'"\\ud83d\\ude00"', '\U0001f600'),
                      (b'"\\ud83d"', 'Malformed'), (b'"\xff"', 'Malformed'), (b'[' * 33 + b'\xff', 'TooDeep'),
                      (b'\xff' + b'[' * 33, 'Malformed'), (b'18446744073709551616', 'Malformed'),
                      (b'1e999', 'Malformed')):
        same(raw, outcome(raw), want)
    for text, want in (('2024-02-18T10:30:00.250Z', 1708252200250), ('2024-02-18t10:30:60z', 1708252260000),
                       ('2024-02-29T00:00:00.1239+05:30', 1709145000123), ('2023-02-29T00:00:00Z', None)):
        same(text, times.from_text(text), want)
    for value, want in ((0.0000005, 1), (-0.0000005, -1), (4.35, 4350000), (1e12, 10**18)):
        same(value, micros(value), want)


def main():
    for test in (test_sessions, test_content, test_bots, test_faults, test_readers):
        test()
    print(f'{results[True]} passed, {results[False]} failed')
    return 1 if results[False] else 0


if __name__ == '__main__':
    sys.exit(main())
