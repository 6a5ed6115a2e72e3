#!/usr/bin/env python3
"""`weir gold merge` over what `weir replay` wrote: `python3 gold_merge_test.py path/to/weir`. The union of the five-minute
records of a day, or of its hours, has the metrics of the day's own record, in every family.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

WEIR = 'weir'
TESTS = pathlib.Path(__file__).resolve().parent.parent
REAL_LOG = TESTS / 'data' / 'apache_access.log.gz'
CONFIG = str(TESTS / 'oracle' / 'cases.yaml')           # has funnels and goals
TRAFFIC = ('--events', '20000', '--sessions', '100', '--seed', '5', '--late', '0.01', '--sites', '2', '--rate', '0.2')
DAY = 86_400_000
# An element's views are those of its page in the windows in which it was clicked: a day's include the others. Windows
# without a click on anything have no record, so their late page views are not told either.
APART = {'elements': ('page_views', 'ctr')}


def records(path):
    with open(path, encoding='utf-8') as file:
        return [json.loads(line) for line in file]


def key_of(record):
    return record['site_id'], *record['key'].values()


def metrics_of(record):
    return {k: v for k, v in record['metrics'].items() if k not in APART.get(record['family'], ())}


class GoldMergeTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix='weir-gold-')))

    def weir(self, *arguments, **more):
        return subprocess.run([WEIR, *arguments], check=True, capture_output=True, timeout=120, **more).stdout

    def replay(self, file, *options):
        self.weir('replay', '--quiet', '--config', CONFIG, '--out', str(self.folder / 'out'), *options, str(file))
        return self.folder / 'out' / 'gold'

    def merge(self, *arguments, **more):
        return [json.loads(line) for line in self.weir('gold', 'merge', '--config', CONFIG, *arguments, **more).splitlines()]

    def check_days(self, path, size):
        """Every day of the file, from its records of this size; returns how many records there were."""
        days = [r for r in records(path) if r['granularity'] == '1d']
        for start in {r['window_start'] for r in days}:
            want = {key_of(r): r for r in days if r['window_start'] == start}
            merged = self.merge('--from', str(start), '--to', str(start + DAY), '--granularity', size, str(path))
            self.assertEqual({key_of(r) for r in merged}, set(want))
            for record in merged:
                day = want[key_of(record)]
                self.assertEqual(metrics_of(record), metrics_of(day))
                self.assertEqual(record['sketches'], day['sketches'])
                if record['family'] != 'elements':
                    self.assertEqual(record['late_events'], day['late_events'])
        return len(days)

    def check_families(self, gold):
        filled = set()
        for path in sorted(gold.iterdir()):
            for size in ('1d',) if path.stem == 'retention' else ('5m', '1h'):      # cohorts have days alone
                with self.subTest(path.stem, size=size):
                    if self.check_days(path, size) > 0:
                        filled.add(path.stem)
        return filled

    def test_the_real_log(self):
        filled = self.check_families(self.replay(REAL_LOG, '--set', 'replay.now=2015-06-01T00:00:00Z'))
        self.assertEqual(filled, {'site', 'pages', 'sources', 'devices', 'geo', 'quality', 'funnels', 'retention',
                                  'journeys'})

    def test_generated_traffic_fills_every_family(self):
        file = self.folder / 'traffic.ndjson'
        self.weir('generate', '--out', str(file), '--start', '2024-03-10T02:00:00Z', *TRAFFIC)
        gold = self.replay(file, '--set', 'replay.now=2024-06-01T00:00:00Z')
        filled = self.check_families(gold)
        self.assertEqual(filled, {p.stem for p in gold.iterdir()})

    def test_all_days_are_the_whole_input_whatever_is_merged(self):
        gold = self.replay(REAL_LOG, '--set', 'replay.now=2015-06-01T00:00:00Z')
        site = str(gold / 'site.ndjson')
        whole, = self.merge(site)
        self.assertEqual((whole['granularity'], whole['records'], whole['metrics']['page_views']), ('range', 4, 2366))      # 4,011 with the crawlers'
        windows, = self.merge('--granularity', '5m', site)
        self.assertEqual(windows['metrics'], whole['metrics'])
        data = (gold / 'site.ndjson').read_bytes()
        self.assertEqual(self.merge('-', input=data), [whole])
        packed = self.folder / 'site.ndjson.zst'
        packed.write_bytes(subprocess.run(['zstd', '-q', '-c'], input=data, capture_output=True, check=True).stdout)
        self.assertEqual(self.merge(str(packed)), [whole])

    def test_unions_can_be_united_further(self):
        site = str(self.replay(REAL_LOG, '--set', 'replay.now=2015-06-01T00:00:00Z') / 'site.ndjson')
        whole, = self.merge(site)
        middle = '2015-05-19T00:00:00Z'
        halves = self.weir('gold', 'merge', '--to', middle, site) + self.weir('gold', 'merge', '--from', middle, site)
        union, = self.merge('-', input=halves)
        self.assertEqual(union['metrics'], whole['metrics'])
        self.assertEqual(union['records'], 2)

    def test_what_cannot_be_printed_is_told(self):
        site = str(self.replay(REAL_LOG, '--set', 'replay.now=2015-06-01T00:00:00Z') / 'site.ndjson')
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([WEIR, 'gold', 'merge', site], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn('standard output cannot be written', done.stderr.decode())


if __name__ == '__main__':
    WEIR = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
