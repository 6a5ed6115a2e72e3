#!/usr/bin/env python3
"""What a node of `weir run` tells of itself, on a real broker: metrics beside what is on the broker, health, drain; and that
rules, dashboard and docs/operations-metrics.md know the metrics that a node exports, all of them and no others:

    .venv/bin/python observe_test.py path/to/weir
"""
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import yaml

from kafka_cluster import Broker, Job

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROMETHEUS = ROOT / 'deploy' / 'prometheus'
RULES = sorted(PROMETHEUS.glob('*.rules.yml'))
DASHBOARD = ROOT / 'deploy' / 'grafana' / 'weir.json'
PAGE = ROOT / 'docs' / 'operations-metrics.md'
EVENTS, PARTITIONS = 4_000, 3
START = 1_767_225_600_000
DEADLINE = 60                           # seconds for anything that is waited for
OF_PROMETHEUS = {'up'}
WEIR = ''                               # the binary, from the command line


def promtool(*args, text=None):
    done = subprocess.run(['promtool', *map(str, args)], input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f'promtool {args}: status {done.returncode}\n{done.stdout}')
    return done.stdout


def recorded():
    """Names that the recording rules make."""
    return {rule['record'] for rule in rules() if 'record' in rule}


def rules():
    return [rule for file in RULES for group in yaml.safe_load(file.read_text(encoding='utf-8'))['groups']
            for rule in group['rules']]


def panels():
    return json.loads(DASHBOARD.read_text(encoding='utf-8'))['panels']


def queries():
    """The dashboard's, as Grafana would send them."""
    for panel in panels():
        for target in panel.get('targets', []):
            yield panel['title'], (target['expr'].replace('$__rate_interval', '5m').replace('$__range', '1h')
                                   .replace('$job', 'weir').replace('$instance', '.*'))


def names_in(expression):
    found = re.findall(r'[a-zA-Z_][\w:]*', re.sub(r'"[^"]*"', '', expression))
    return {name for name in found if name.startswith(('weir_', 'process_')) or ':' in name or name in OF_PROMETHEUS}


def documented():
    """name -> (type, labels) of the page's tables."""
    rows = re.findall(r'^\| `(\w+)` \| (\w+) \| ([\w, ]*)\|', PAGE.read_text(encoding='utf-8'), flags=re.M)
    return {name: (kind, {label.strip() for label in labels.split(',') if label.strip()}) for name, kind, labels in rows}


class Scrape:
    """One answer of /metrics."""

    def __init__(self, text):
        self.text = text
        self.types = dict(re.findall(r'^# TYPE (\S+) (\S+)$', text, flags=re.M))
        self.samples = [(name, dict(re.findall(r'(\w+)="([^"]*)"', labels)), float(value)) for name, labels, value
                        in re.findall(r'^(\w+)(?:\{(.*)\})? (\S+)$', text, flags=re.M)]

    def family(self, name):
        return name if name in self.types else re.sub('_(bucket|sum|count)$', '', name)

    def sum(self, name, **labels):
        return sum(value for found, with_labels, value in self.samples
                   if found == name and labels.items() <= with_labels.items())

    def by(self, name, label):
        """Sums that are not 0."""
        sums = collections.Counter()
        for found, labels, value in self.samples:
            if found == name and value != 0:
                sums[labels[label]] += value
        return dict(sums)

    def labels(self):
        """name -> labels of its samples, `le` apart."""
        found = collections.defaultdict(set)
        for name, labels, _ in self.samples:
            found[self.family(name)] |= labels.keys() - {'le'}
        return found


class Files(unittest.TestCase):
    """What needs no node."""

    def test_rules_and_configuration_are_clean_and_do_as_their_tests_say(self):
        promtool('check', 'config', '--lint=all', PROMETHEUS / 'prometheus.yml')
        promtool('check', 'rules', '--lint=all', *RULES)
        promtool('test', 'rules', PROMETHEUS / 'rules_test.yml')

    def test_every_alert_is_tested_to_fire_and_has_a_runbook(self):
        tests = yaml.safe_load((PROMETHEUS / 'rules_test.yml').read_text(encoding='utf-8'))['tests']
        fired = {case['alertname'] for test in tests for case in test.get('alert_rule_test', []) if case.get('exp_alerts')}
        quiet = {case['alertname'] for case in tests[0]['alert_rule_test']}
        headings = {f'docs/{PAGE.name}#' + title.lower().replace(' ', '-')
                    for title in re.findall(r'^## (.*)$', PAGE.read_text(encoding='utf-8'), flags=re.M)}
        alerts = [rule for rule in rules() if 'alert' in rule]
        self.assertEqual({rule['alert'] for rule in alerts}, fired)
        self.assertEqual({rule['alert'] for rule in alerts}, quiet)
        for rule in alerts:
            self.assertIn(rule['annotations']['runbook'], headings, rule['alert'])
            self.assertIn(rule['labels']['severity'], ('critical', 'warning'))

    def test_every_query_of_the_dashboard_parses(self):
        with tempfile.NamedTemporaryFile('w', suffix='.yml', encoding='utf-8') as file:
            asked = [{'record': f'dashboard:query:n{n}', 'expr': query} for n, (_, query) in enumerate(queries())]
            yaml.safe_dump({'groups': [{'name': 'dashboard', 'rules': asked}]}, file)
            file.flush()
            promtool('check', 'rules', '--lint=none', file.name)

    def test_the_dashboard_is_one_that_grafana_takes(self):
        ids = [panel['id'] for panel in panels()]
        self.assertEqual(len(ids), len(set(ids)))
        taken = set()
        for panel in panels():
            at = panel['gridPos']
            cells = {(x, y) for x in range(at['x'], at['x'] + at['w']) for y in range(at['y'], at['y'] + at['h'])}
            self.assertFalse(cells & taken, panel['title'])
            self.assertLessEqual(at['x'] + at['w'], 24)
            taken |= cells
            if panel['type'] != 'row':
                self.assertEqual({'${datasource}'}, {t['datasource']['uid'] for t in panel['targets']}, panel['title'])


class Running(unittest.TestCase):
    """A node that has taken in some thousand events, for all tests; the last ones change it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix='weir-observe-')
        cls.addClassCleanup(cls.folder.cleanup)
        folder = pathlib.Path(cls.folder.name)
        broker = Broker(folder / 'broker')
        cls.addClassCleanup(broker.kill)
        cls.job = Job(WEIR, folder / 'job', broker.address, partitions=PARTITIONS)
        cls.addClassCleanup(cls.job.end)
        cls.job.send(EVENTS, 1, START)
        cls.node = cls.job.add_node('--set', 'http.listen=127.0.0.1:0')
        cls.start()
        cls.first_ready = cls.ask('/health/ready')[0]
        cls.await_that('ready', lambda: cls.ask('/health/ready')[0] == 200)
        cls.await_that('all read', cls.at_rest)

    @classmethod
    def start(cls):
        before = cls.node.said(1_000_000).count('"listening"')
        cls.node.start()
        cls.await_that('it listens', lambda: cls.node.said(1_000_000).count('"listening"') > before)
        cls.at = [json.loads(line)['http'] for line in cls.node.said(1_000_000).splitlines() if '"listening"' in line][-1]

    @classmethod
    def await_that(cls, what, holds):
        until = time.monotonic() + DEADLINE
        while not holds():
            cls.node.check()
            if time.monotonic() > until:
                raise AssertionError(f'not within {DEADLINE} s: {what}; {cls.ask("/health")}\n{cls.node.said()}')
            time.sleep(0.1)

    @classmethod
    def at_rest(cls):
        """All events are committed, and of all stages nothing waits to be read."""
        cls.scrape = now = Scrape(cls.ask('/metrics')[1])
        return now.sum('weir_events_total') == EVENTS and now.sum('weir_task_lag_records') == 0

    @classmethod
    def ask(cls, path, method='GET', **headers):
        """Status and body."""
        request = urllib.request.Request(f'http://{cls.at}{path}', method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def test_a_node_is_not_ready_before_it_has_its_tasks(self):
        self.assertEqual(self.first_ready, 503)
        self.assertEqual(self.ask('/health/ready'), (200, '{"ready":true}\n'))

    def test_metrics_are_clean(self):
        self.assertEqual(promtool('check', 'metrics', text=self.scrape.text), '')

    def test_every_event_is_accounted_for(self):
        s = self.scrape
        self.assertEqual(s.sum('weir_events_total'), EVENTS)
        self.assertEqual(s.sum('weir_valid_events_total') + s.sum('weir_dead_letters_total'), EVENTS)
        self.assertEqual(s.sum('weir_task_records_total', stage='ingest'), EVENTS)
        self.assertEqual(s.sum('weir_event_publish_latency_seconds_count'), EVENTS)
        self.assertEqual(len(s.by('weir_events_total', 'partition')), PARTITIONS)
        self.assertGreater(s.sum('weir_task_records_total', stage='kpis'), 0)

    def test_what_is_counted_is_what_is_on_the_broker(self):
        s = self.scrape
        dead = collections.Counter(json.loads(r['value'])['reason'] for r in self.job.dump('weir.dlq'))
        self.assertEqual(s.by('weir_dead_letters_total', 'reason'), dead)
        self.assertGreater(len(dead), 1)
        silver = self.job.dump('weir.events')
        self.assertEqual(s.sum('weir_output_records_total', output='weir.events'), len(silver))
        self.assertEqual(s.sum('weir_valid_events_total') - s.sum('weir_duplicate_events_total'), len(silver))
        self.assertGreater(s.sum('weir_duplicate_events_total'), 0)
        self.assertEqual(s.sum('weir_output_bytes_total', output='weir.events'),
                         sum(len(r['key'].encode()) + len(r['value'].encode()) for r in silver))

    def test_clocks_lanes_and_commits_are_told(self):
        s = self.scrape
        self.assertEqual(s.sum('weir_lane_tasks'), s.sum('weir_lane_tasks_restored'))
        self.assertEqual(s.sum('weir_lane_ready'), 2)
        self.assertEqual(s.sum('weir_epochs_total', outcome='committed'), s.sum('weir_commit_duration_seconds_count'))
        self.assertGreater(s.sum('weir_sessions_open'), 0)
        for name, labels, value in s.samples:
            if name == 'weir_task_watermark_timestamp_seconds':
                self.assertGreater(value, START / 1000 - 60, labels)
                self.assertLess(value, time.time(), labels)

    def test_the_page_has_every_metric_with_its_type_and_labels(self):
        labels = self.scrape.labels()
        told = {name: (kind, labels[name]) for name, kind in self.scrape.types.items()}
        self.assertEqual(documented(), told)

    def test_rules_and_dashboard_ask_only_for_what_there_is_and_leave_nothing_out(self):
        asked = {}
        for where, expression in [*queries(), *((str(r.get('alert', r.get('record'))), r['expr']) for r in rules())]:
            for name in names_in(expression):
                asked[self.scrape.family(name)] = where
        there = self.scrape.types.keys() | recorded() | OF_PROMETHEUS
        self.assertEqual({name: where for name, where in asked.items() if name not in there}, {})
        unasked = {name for name in self.scrape.types if name.startswith('weir_')} - asked.keys()
        self.assertEqual(unasked, set())

    def test_health_names_each_check_and_lane(self):
        status, body = self.ask('/health')
        told = json.loads(body)
        self.assertEqual((status, told['status']), (200, 'ok'), body)
        self.assertEqual(set(told['checks']), {'lanes', 'broker', 'restore', 'disk'})
        self.assertEqual([lane['lane'] for lane in told['lanes']], ['lane-00', 'lane-01'])

    def test_wrong_requests_are_refused_as_json(self):
        for path, method, status in (('/', 'GET', 404), ('/metrics/x', 'GET', 404), ('/metrics', 'POST', 405),
                                     ('/admin/drain', 'GET', 405), ('/health', 'DELETE', 405)):
            got, body = self.ask(path, method)
            self.assertEqual((got, json.loads(body)['error']['status']), (status, status), path)
        self.assertEqual(self.ask('/admin/drain', 'POST', Origin='http://evil.example')[0], 403)
        self.assertTrue(self.node.runs())

    def test_xx_an_address_that_is_taken_is_an_error_that_names_the_setting(self):
        second = subprocess.run([WEIR, 'run', '--config', str(self.job.config), '--set', 'node.id=other', '--set',
                                 f'node.data_dir={self.folder.name}/other', '--set', f'http.listen={self.at}'],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=DEADLINE, check=False)
        self.assertEqual(second.returncode, 1, second.stderr)
        self.assertIn(f'http.listen: cannot listen on {self.at}', second.stderr)
        self.assertIn('Address already in use', second.stderr)

    def test_yy_a_killed_node_redoes_until_it_is_ready_and_diverges_from_nothing(self):
        self.node.kill()
        self.start()
        self.assertEqual(self.ask('/health/ready')[0], 503)
        self.await_that('ready again', lambda: self.ask('/health/ready')[0] == 200)
        now = Scrape(self.ask('/metrics')[1])
        self.assertEqual(now.sum('weir_redo_divergence_total'), 0)
        self.assertEqual(now.sum('weir_task_redo_remaining_records'), 0)
        self.assertGreater(now.sum('weir_redo_records_total') + now.sum('weir_restored_records_total'), 0)
        self.assertEqual(now.sum('weir_events_total'), 0)        # none is new

    def test_zz_drain_is_accepted_and_ends_the_node_in_good_order(self):
        self.assertEqual(self.ask('/admin/drain', 'POST'), (202, '{"draining":true}\n'))
        self.assertEqual(self.node.process.wait(DEADLINE), 0, self.node.said())
        quiet = self.job.add_node('--set', 'http.listen=off')
        quiet.start()
        until = time.monotonic() + DEADLINE
        while '"starting"' not in quiet.said() and time.monotonic() < until:
            quiet.check()
            time.sleep(0.05)
        quiet.stop()
        self.assertIn('"starting"', quiet.said())
        self.assertNotIn('"listening"', quiet.said())


def main():
    global WEIR
    WEIR = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)


if __name__ == '__main__':
    main()
