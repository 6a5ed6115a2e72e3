#!/usr/bin/env python3
"""Wrong usage, and the demo's log, through the real binary: `python3 commands_test.py path/to/weir`. Each case says which
exit status and which message it expects.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

WEIR = 'weir'


def weir(*arguments, **more):
    more = {'stdout': subprocess.PIPE, **more}
    return subprocess.run([WEIR, *arguments], stderr=subprocess.PIPE, text=True, timeout=120, check=False, **more)


class CommandsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix='weir-commands-')))
        cls.data = cls.scratch / 'demo'
        done = weir('demo', '--data', str(cls.data), '--rate', 'max', '--sessions', '100', '--events', '3000')
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def check(self, status, says, *arguments, **more):
        done = weir(*arguments, **more)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertIn(says, done.stderr)
        return done.stdout

    def dump(self, *arguments):
        return self.check(0, '', 'log', 'dump', str(self.data), *arguments).splitlines()

    def test_rates_that_cannot_be(self):
        for rate in ('1e308', '1e9', '1e-300', '0', '-1', 'inf', 'nan', 'fast'):
            self.check(2, '--rate: expected', 'demo', '--data', str(self.scratch / 'none'), '--rate', rate)
            if rate not in ('0', 'fast'):
                self.check(2, '--rate: expected 0.001 to 100000', 'generate', '--events', '1', '--rate', rate)
        self.assertFalse((self.scratch / 'none').exists())

    def test_numbers_below_zero(self):
        for arguments in (('demo', '--events', '-5'), ('demo', '--sessions', '-1'), ('generate', '--events', '-3'),
                          ('log', 'dump', 'x', 'y', '--limit', '-1'), ('log', 'dump', 'x', 'y', '--from', '-1'),
                          ('log', 'dump', 'x', 'y', '--partition', '-1')):
            self.check(2, f'{arguments[-2]}: expected a whole number, 0 or more, got "{arguments[-1]}"', *arguments)
        self.check(2, '--sessions: expected 1 to', 'demo', '--data', str(self.scratch / 'none'), '--sessions', '0')

    def test_unknown_names(self):
        self.check(2, 'there is no command repaly; did you mean replay?', 'repaly', 'x')
        self.check(2, 'there is no option --outt; did you mean --out?', 'replay', '--outt', 'x', 'L')

    def test_a_plan_that_is_gone(self):
        copy = shutil.copytree(self.data, self.scratch / 'no-plan')
        (copy / 'demo.plan').unlink()
        self.check(2, 'take another --data', 'demo', '--data', str(copy))
        self.assertFalse((copy / 'demo.plan').exists())

    def test_a_damaged_log(self):
        copy = shutil.copytree(self.data, self.scratch / 'damaged')
        for file in (copy / 'log').glob('MANIFEST*'):
            os.truncate(file, 10)
        self.check(1, 'remove it to begin anew, or take another --data', 'demo', '--data', str(copy))

    def test_topics(self):
        self.assertIn('weir.gold.site\t4 partitions', '\n'.join(self.dump()))
        self.check(1, 'there is no topic weir.gold; there are weir.gold.', 'log', 'dump', str(self.data), 'weir.gold')
        self.check(1, 'did you mean weir.sessions?', 'log', 'dump', str(self.data), 'weir.session s')

    def test_latest(self):
        self.assertTrue(self.dump('weir.gold.site', '--latest'))
        self.check(2, 'weir.sessions is not compacted', 'log', 'dump', str(self.data), 'weir.sessions', '--latest')
        self.check(2, 'leave one away', 'log', 'dump', str(self.data), 'weir.gold.site', '--latest', '--from', '0')

    def test_partitions(self):
        self.check(2, 'has partitions 0 to 3, got 9', 'log', 'dump', str(self.data), 'weir.dlq', '--partition', '9')

    def test_what_is_shown_is_json_whatever_the_topic_holds(self):
        for topic in ('weir.partials', 'weir.sessions', 'weir.events', 'weir.gold.site'):
            plain = self.dump(topic)
            self.assertTrue(plain)
            self.assertEqual([json.loads(r)['value'] for r in self.dump(topic, '--envelope')], plain)
            for value in map(json.loads, plain):
                self.assertNotIn('undecoded', value)
        self.assertTrue(any('clock' in r['key'] for r in map(json.loads, self.dump('weir.sessions', '--envelope'))))

    def test_output_that_cannot_be_written(self):
        for topic in ((), ('weir.sessions',)):
            with open('/dev/full', 'wb') as full:
                self.check(1, 'standard output cannot be written', 'log', 'dump', str(self.data), *topic, stdout=full)


class AlertsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        with open(cls.folder / 'in.ndjson', 'wb') as to:
            assert weir('generate', '--events', '3000', '--sessions', '200', stdout=to).returncode == 0
        assert weir('replay', '--quiet', '--out', str(cls.folder / 'out'), str(cls.folder / 'in.ndjson')).returncode == 0
        cls.gold = cls.folder / 'out' / 'gold' / 'site.ndjson'

    def judge(self, *arguments):
        result = weir('alerts', 'test', str(self.gold), *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_gold_files_are_judged(self):
        mine = '[{id: many, family: site, metric: page_views, above: 1, severity: critical}]'
        told = self.judge('--set', f'alerts={mine}')
        self.assertIn('fired    critical many shop: site.page_views is', told)
        changes = [json.loads(line) for line in self.judge('--json', '--set', f'alerts={mine}').splitlines()]
        states = [c['state'] for c in changes if c['id'] == 'many' and c['site_id'] == changes[0]['site_id']]
        self.assertEqual(states, (['fired', 'resolved'] * len(states))[:len(states)])

    def test_rules_that_never_hold_do_not_fire(self):
        told = self.judge('--set', 'alerts=[{id: many, family: site, metric: page_views, above: 1000000}]')
        self.assertNotIn(' many ', told)

    def test_what_is_no_gold_is_refused(self):
        result = weir('alerts', 'test', str(self.folder / 'in.ndjson'))
        self.assertEqual(result.returncode, 1)
        self.assertIn('in.ndjson:1: expected a gold record', result.stderr)
        self.assertEqual(weir('alerts', 'test').returncode, 2)

    def test_every_metric_of_gold_can_be_explained(self):
        for file in sorted(self.gold.parent.glob('*.ndjson')):
            records = [json.loads(line) for line in file.read_text(encoding='utf-8').splitlines()]
            for metric in {name for record in records for name in record['metrics']}:
                done = weir('explain', records[0]['site_id'], records[0]['family'], metric, '--json', '--file', str(file),
                            '--granularity', records[0]['granularity'])
                self.assertEqual(done.returncode, 0, done.stderr)
                told = json.loads(done.stdout)
                self.assertEqual(told['value'], told['record']['metrics'].get(metric))
                self.assertTrue(told['definition'])

    def test_a_number_is_explained(self):
        told = weir('explain', 'shop', 'site', 'bounce_rate', '--file', str(self.gold), '--granularity', '1d').stdout
        record = [r for r in map(json.loads, self.gold.read_text(encoding='utf-8').splitlines()) if r['granularity'] == '1d'][-1]
        for part in ('closed sessions that bounced', f'made of      bounces = {record["metrics"]["bounces"]}', 'final', 'exact'):
            self.assertIn(part, told)
        self.assertIn('there is no family', weir('explain', 'shop', 'sites', 'x', '--file', str(self.gold)).stderr)
        none = weir('explain', 'shop', 'site', 'events', '--file', str(self.gold), '--window', '2001-01-01')
        self.assertEqual(none.returncode, 1)
        self.assertIn('no record of site.5m for site shop', none.stderr)


if __name__ == '__main__':
    WEIR = os.path.abspath(sys.argv.pop(1))
    unittest.main()
