#!/usr/bin/env python3
"""The operator's commands on a real broker: `python3 kafka_commands_test.py path/to/weir`. The tests go on from one another:
a node has worked some input off, is looked at, robbed, reset.
"""
import collections
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import confluent_kafka
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource
from kafka_cluster import Broker, Node, Reader, text

WEIR = 'weir'
WEB, PREFIX, EVENTS, PARTITIONS = 'topic_web_events', 'test.', 4000, 2
SESSION_TIMEOUT = 2
CONFIG = '''
log: {{kind: kafka}}
kafka: {{brokers: "{address}", prefix: "{prefix}", properties: {{session.timeout.ms: {timeout}, heartbeat.interval.ms: 300}}}}
node: {{lanes: 1}}
checkpoint: {{interval: 1s}}
late: {{max_delay: off}}
privacy: {{ip: keep, mask_pii: false}}
topics: {{partitions: 2}}
'''


class KafkaCommandsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix='weir-kafka-commands-')))
        cls.broker = Broker(cls.scratch / 'broker')
        cls.addClassCleanup(cls.broker.kill)
        cls.config = cls.scratch / 'weir.yaml'
        cls.config.write_text(CONFIG.format(address=cls.broker.address, prefix=PREFIX, timeout=SESSION_TIMEOUT * 1000),
                              encoding='utf-8')
        cls.reader = Reader(cls.broker.address)
        cls.group = confluent_kafka.Consumer({'bootstrap.servers': cls.broker.address, 'group.id': f'{PREFIX}weir'})
        cls.node = Node(WEIR, cls.config, cls.scratch, 'node')
        cls.addClassCleanup(lambda: cls.node.runs() and cls.node.kill())
        # Takes its time: it is asked now, and answers while the tests run.
        cls.nowhere = cls.popen('tail', 'weir.events', '--set', 'kafka.brokers=127.0.0.1:1')
        cls.nowhere_since = time.monotonic()
        cls.done(cls.weir('topics', 'create', '--source-partitions', str(PARTITIONS)))
        cls.node.start()
        cls.generate(1)
        cls.produce(WEB, 0, b'cut', b'{"' + b'x' * 300_000)
        cls.settle()

    # -- steps

    @classmethod
    def command(cls, *arguments):
        return [WEIR, *arguments, '--config', str(cls.config), '--set', f'node.data_dir={cls.scratch / "node"}']

    @classmethod
    def weir(cls, *arguments):
        return subprocess.run(cls.command(*arguments), capture_output=True, text=True, timeout=60, check=False)

    @classmethod
    def popen(cls, *arguments):
        return subprocess.Popen(cls.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    @staticmethod
    def done(result):
        if result.returncode != 0:
            raise RuntimeError(f'{result.args}: {result.returncode}: {result.stdout}{result.stderr}')
        return result.stdout

    def lines(self, *arguments):
        return self.done(self.weir(*arguments)).splitlines()

    def values(self, *arguments):
        return [json.loads(line) for line in self.lines(*arguments)]

    def refused(self, status, *arguments):
        result = self.weir(*arguments)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result.stdout + result.stderr

    @classmethod
    def generate(cls, number):
        cls.done(cls.weir('generate', '--to', 'kafka', '--events', str(EVENTS), '--sessions', '100', '--malformed', '0.02',
                          '--seed', str(number), '--start', str(1_767_225_600_000 + number * 600_000)))

    @classmethod
    def produce(cls, topic, partition, key, value, **config):
        producer = confluent_kafka.Producer({'bootstrap.servers': cls.broker.address, **config})
        producer.produce(topic, value, key, partition)
        producer.flush(30)

    @classmethod
    def committed(cls):
        places = cls.group.committed([TopicPartition(WEB, p) for p in range(PARTITIONS)], timeout=30)
        return {(p.topic, p.partition): max(0, p.offset) for p in places}

    @classmethod
    def settle(cls):
        """Waits until the node has worked its input off."""
        until = time.monotonic() + 60
        while not cls.settled():
            cls.node.check()
            if time.monotonic() > until:
                raise RuntimeError(f'no rest: {cls.committed()} of {cls.reader.ends([WEB])}\n{cls.node.said()}')
            time.sleep(0.1)

    @classmethod
    def settled(cls):
        behind_last = {(WEB, r['partition']): r['offset'] + 1 for r in cls.reader.records(WEB)}
        try:
            return cls.committed() == behind_last
        except confluent_kafka.KafkaException as x:
            if x.args[0].code() == confluent_kafka.KafkaError.NOT_COORDINATOR:      # a broker that has just come up
                return False
            raise

    def leave(self):
        """Stops the node, and waits until the group has let it go."""
        self.node.stop()
        until = time.monotonic() + 20
        while 'in use' in (told := self.weir('reset', '--accept-gap')).stderr:
            self.assertLess(time.monotonic(), until, told.stderr)
            time.sleep(0.3)

    def set_policy(self, topic, policy):
        entry = ConfigEntry('cleanup.policy', policy, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
        for future in self.reader.admin.incremental_alter_configs([resource]).values():
            future.result()

    def trim(self, topic, partition, offset):
        place = TopicPartition(topic, partition, offset)
        for future in self.reader.admin.delete_records([place]).values():
            future.result()

    def letters(self):
        """The last record of each key of weir.dlq."""
        return {r['key']: json.loads(r['value']) for r in self.reader.records(f'{PREFIX}weir.dlq')}

    # -- tests, in this order

    def setUp(self):
        begun = time.monotonic()
        self.addCleanup(lambda: print(f'{time.monotonic() - begun:.1f} s ', end='', file=sys.stderr))

    def test_01_tail_decodes_every_topic(self):
        events = self.lines('tail', 'weir.events', '--no-follow')
        self.assertEqual(sorted(events), sorted(r['value'] for r in self.reader.records(f'{PREFIX}weir.events')))
        self.assertEqual(len(self.lines('tail', WEB, '--no-follow')), EVENTS + 1)
        reasons = self.values('tail', 'weir.dlq', '--no-follow', '--where', 'reason=missing_field', '--where',
                              'source.partition=1')
        self.assertEqual({(r['reason'], r['source']['partition']) for r in reasons}, {('missing_field', 1)})
        self.assertEqual({v['site_id'] for v in self.values('tail', 'weir.events', '--no-follow', '--site', 'shop')},
                         {'shop'})
        added = sum(d['data']['sums'].get('events', 0) for p in self.values('tail', 'weir.partials', '--no-follow')
                    if p.get('family') == 'site' for d in p['deltas'])
        self.assertEqual(added, len(events))
        clocks = self.values('tail', 'weir.partials', '--no-follow', '--key', '~clock|')
        self.assertEqual({c['source'] for c in clocks},
                         {f'{topic}/{p}' for topic in (WEB, 'weir.sessions') for p in range(2)})
        epochs = self.values('tail', f'weir.changelog.{WEB}', '--no-follow', '--key', 'epoch', '--envelope')
        last = {e['partition']: json.loads(e['value'])['value']['next'] for e in epochs}
        self.assertEqual({(WEB, p): n for p, n in last.items()}, self.committed())

    def test_02_tail_follows_until_limit_or_interrupt(self):
        following = [self.popen('tail', WEB, '--partition', '0', '--limit', '1'), self.popen('tail', WEB)]
        time.sleep(1)
        self.produce(WEB, 0, b'k', b'{"new": true}')
        self.assertEqual(following[0].communicate(timeout=20)[0], '{"new": true}\n')
        self.assertEqual(following[0].returncode, 0)
        following[1].send_signal(signal.SIGINT)
        self.assertEqual(following[1].communicate(timeout=20)[0], '{"new": true}\n')
        self.assertEqual(following[1].returncode, 0)

    def test_03_tail_reads_committed_unless_told_otherwise(self):
        producer = confluent_kafka.Producer({'bootstrap.servers': self.broker.address, 'transactional.id': 'open'})
        producer.init_transactions()
        producer.begin_transaction()
        producer.produce('plain', b'open')
        producer.flush(30)
        self.assertEqual(self.lines('tail', 'plain', '--no-follow'), [])
        self.assertEqual(self.lines('tail', 'plain', '--no-follow', '--uncommitted'), ['open'])
        producer.abort_transaction()

    def test_04_tail_says_what_is_wrong(self):
        self.assertIn('did you mean test.weir.events?', self.refused(1, 'tail', 'weir.event'))
        self.assertIn('has partitions 0 to 1', self.refused(2, 'tail', WEB, '--partition', '2'))
        self.assertIn('--from: expected', self.refused(2, 'tail', WEB, '--from', 'here'))
        self.assertIn('--where: expected', self.refused(2, 'tail', WEB, '--where', 'here'))

    def test_05_dead_letters_are_counted_and_shown(self):
        self.settle()
        letters = self.letters()
        wanted = collections.Counter(v['reason'] for v in letters.values())
        listed = {r['reason']: r for r in self.values('dlq', 'list', '--json')}
        self.assertEqual({reason: r['dead_letters'] for reason, r in listed.items()}, wanted)
        times = [v['source']['timestamp'] for v in letters.values() if v['reason'] == 'malformed_json']
        self.assertEqual((listed['malformed_json']['first'], listed['malformed_json']['last']), (min(times), max(times)))
        self.assertEqual(len(self.lines('dlq', 'list')), len(wanted) + 1)
        key, letter = next((k, v) for k, v in letters.items() if v['reason'] == 'missing_field')
        shown = '\n'.join(self.lines('dlq', 'show', '--key', key))
        for part in (key, letter['message'], letter['payload']):
            self.assertIn(part, shown)
        self.assertEqual(self.values('dlq', 'list', '--json', '--until', '2020-01-01'), [])
        self.assertIn('--since: expected a time', self.refused(2, 'dlq', 'list', '--since', 'yesterday'))

    def test_06_dead_letters_are_replayed_once(self):
        letters = self.letters()
        before = self.reader.ends([WEB])
        some = [k for k, v in letters.items() if v['reason'] == 'wrong_type']
        self.assertIn(f'{len(some)} dead letters would be sent', self.lines('dlq', 'replay', '--reason', 'wrong_type',
                                                                            '--dry-run')[0])
        self.assertEqual(self.reader.ends([WEB]), before)
        self.assertIn(f'{len(some)} dead letters sent', self.lines('dlq', 'replay', '--reason', 'wrong_type')[0])
        self.assertIn('0 dead letters sent', self.lines('dlq', 'replay', '--reason', 'wrong_type')[0])
        # Two at once: one may be fenced, but each letter is sent once.
        both = [self.popen('dlq', 'replay') for _ in range(2)]
        told = [b.communicate(timeout=60) for b in both]
        self.assertIn(0, [b.returncode for b in both], told)
        self.settle()
        cut = [k for k, v in letters.items() if v.get('payload_truncated')]
        self.assertEqual(len(cut), 1)
        self.assertTrue(any(f'{len(cut)} not sent: cut at 256 KiB' in out for out, _ in told), told)
        self.check_replayed(letters, set(letters) - set(cut))

    def check_replayed(self, letters, sent):
        """Each of these stands in its partition again, once, and its mark says where; all that is new there are these."""
        records = {(r['partition'], r['offset']): r for r in self.reader.records(WEB)}
        now = self.letters()
        marked = {k for k in letters if 'replayed' in now[k]}
        self.assertEqual(marked, sent)
        places = {(now[k]['source']['partition'], now[k]['replayed']['offset']) for k in sent}
        self.assertEqual(len(places), len(sent))
        for key in sent:
            source = letters[key]['source']
            again = records[source['partition'], now[key]['replayed']['offset']]
            self.assertEqual(again['value'], records[source['partition'], source['offset']]['value'])
        self.assertEqual(len(records), EVENTS + 2 + len(sent))
        self.assertIn('0 dead letters sent', self.lines('dlq', 'replay')[0])     # not those either that failed again
        self.assertTrue(any(r['failed_again'] for r in self.values('dlq', 'list', '--json')))

    def test_07_reset_is_refused_while_a_node_is_there(self):
        told = self.refused(1, 'reset', '--all', '--yes')
        self.assertIn('in use by test.node-000', told)
        self.assertIn('stop all nodes', told)
        self.assertIn('which tasks?', self.refused(2, 'reset'))
        self.assertIn('--to: expected', self.refused(2, 'reset', '--all', '--to', 'here'))

    def test_08_a_node_announces_itself_until_it_leaves(self):
        member = self.values('members', '--json')[0]
        self.assertEqual(member['node'], 'node')
        tasks = [task for lane in member['lanes'] for task in lane['tasks']]
        self.assertIn(f'{WEB}/0', tasks)
        self.assertIn('weir.partials/1', tasks)
        self.assertEqual(self.weir('state', 'inspect').returncode, 0)      # beside the running node
        told = self.done(self.weir('members'))
        self.assertIn(member['config_hash'], told)
        self.assertNotIn('is not theirs', told)
        self.assertIn('is not theirs', self.done(self.weir('members', '--set', 'session.timeout=29m')))
        self.assertNotIn('is not theirs', self.done(self.weir('members', '--set', 'node.lanes=3')))
        self.leave()
        self.assertIn('no node has announced itself', self.done(self.weir('members')))

    def test_09_state_is_told_and_equals_the_changelogs(self):
        tasks = {t['task']: t for t in self.values('state', 'inspect', '--json')}
        self.assertEqual({(WEB, p): tasks[f'{WEB}/{p}']['next'] for p in range(PARTITIONS)}, self.committed())
        self.assertGreater(tasks['weir.partials/0']['keys'], 0)
        key = [e['key'] for e in self.values('tail', f'weir.changelog.{WEB}', '--no-follow', '--key', 'shop|')
               if e.get('value')][-1]
        found = self.values('state', 'inspect', '--key', key)[0]
        self.assertEqual(found['key'], key)
        self.assertTrue(found['value']['sessions'] or found['value']['event_ids'])
        self.assertIn('no task has the key', self.refused(1, 'state', 'inspect', '--key', 'shop|none'))
        verified = self.lines('state', 'verify')
        self.assertEqual(len(verified), 6)
        self.assertTrue(all(line.endswith(' 0 differ') for line in verified), verified)

    def test_10_state_that_differs_is_named(self):
        task = f'{WEB}/0'
        changelog = f'{PREFIX}weir.changelog.{WEB}'
        self.set_policy(changelog, 'compact,delete')
        self.trim(changelog, 0, -1)
        self.set_policy(changelog, 'compact')
        told = self.refused(1, 'state', 'verify', '--task', task)
        self.assertIn('extra here: ', told)
        self.assertEqual(self.weir('state', 'verify', '--task', f'{WEB}/1').returncode, 0)

    def test_11_a_task_without_its_changelog_is_reset(self):
        shutil.rmtree(self.scratch / 'node')
        self.node.start()
        self.assertEqual(self.node.process.wait(30), 1)
        self.assertIn(f'weir reset --topic {WEB} --partition 0', self.node.said())
        self.node.process = None
        self.wait_for_group()
        one = ('reset', '--topic', WEB, '--partition', '0')
        before = self.reader.ends([f'{PREFIX}weir.changelog.{WEB}'])
        self.assertIn('Nothing has been changed', self.refused(2, *one))
        self.assertEqual(self.reader.ends([f'{PREFIX}weir.changelog.{WEB}']), before)
        self.assertIn(f'{WEB}/0: done', self.lines(*one, '--yes'))
        self.node.start()
        self.generate(2)
        self.settle()
        self.leave()
        self.assertTrue(all(line.endswith(' 0 differ') for line in self.lines('state', 'verify')))

    def wait_for_group(self):
        until = time.monotonic() + 20
        while 'in use' in self.weir('reset', '--accept-gap').stderr:
            self.assertLess(time.monotonic(), until)
            time.sleep(0.3)

    def test_12_a_reset_begins_where_it_is_told(self):
        first = self.reader.ends([WEB])[WEB, 1] - 100
        self.lines('reset', '--topic', WEB, '--partition', '1', '--to', str(first), '--yes')
        self.assertEqual(self.committed()[WEB, 1], first)
        epochs = self.values('tail', f'weir.changelog.{WEB}', '--no-follow', '--partition', '1', '--key', 'epoch')
        self.assertEqual(epochs[-1]['value']['next'], first)
        counts = len(self.reader.records(f'{PREFIX}weir.events')) + len(self.letters())
        self.node.start()
        self.settle()
        self.leave()
        self.assertGreater(len(self.reader.records(f'{PREFIX}weir.events')) + len(self.letters()), counts)

    def test_13_input_that_is_gone_is_refused_until_the_gap_is_accepted(self):
        self.generate(3)
        had = self.committed()[WEB, 1]
        gone = had + 50
        self.trim(WEB, 1, gone)
        self.node.start()
        self.assertEqual(self.node.process.wait(30), 1)
        said = self.node.said()
        self.node.process = None
        for part in (f'offset {had}', f'is {gone}', f'weir reset --accept-gap --topic {WEB} --partition 1'):
            self.assertIn(part, said)
        self.wait_for_group()
        self.assertIn('50 records that were never read are lost', self.refused(2, 'reset', '--accept-gap'))
        result = self.weir('reset', '--accept-gap', '--yes')
        self.assertIn(f'{WEB}/1: done', self.done(result))
        self.assertEqual(json.loads(result.stderr)['unread'], 50)
        self.assertIn('nothing to do', self.lines('reset', '--accept-gap')[0])
        self.node.start()
        self.settle()
        self.node.stop()
        self.assertNotIn('diverg', self.node.said(1000).replace('"divergences":0', ''))

    def test_14_a_broker_that_is_not_there_is_told(self):
        _, told = self.nowhere.communicate(timeout=30)
        self.assertLess(time.monotonic() - self.nowhere_since, 120)
        self.assertEqual(self.nowhere.returncode, 1)
        self.assertIn('cannot reach a broker at 127.0.0.1:1', told)
        self.assertIn('Connection refused; check kafka.brokers', told)

    def test_15_a_new_job_begins_where_its_input_does_and_never_reads_below(self):
        begins = self.reader.ends([WEB])[WEB, 1]
        self.begins_at(begins, 'latest')
        begins = self.reader.ends([WEB])[WEB, 1]
        for p in range(PARTITIONS):
            self.trim(WEB, p, self.reader.ends([WEB])[WEB, p])
        self.begins_at(begins, 'earliest')

    def begins_at(self, offset, start):
        """A new job reads partition 1 from this offset on, also after it was killed with everything to be read again."""
        node = Node(WEIR, self.config, self.scratch, start, '--set', f'kafka.prefix={start}.', '--set', f'kafka.start={start}',
                    '--set', 'checkpoint.interval=30s')
        self.addCleanup(lambda: node.runs() and node.kill())
        group = confluent_kafka.Consumer({'bootstrap.servers': self.broker.address, 'group.id': f'{start}.weir'})

        def reaches(expected, step=lambda: None):
            until = time.monotonic() + 60
            while (now := group.committed([TopicPartition(WEB, 1)], timeout=30)[0].offset) != expected:
                self.assertLess(time.monotonic(), until, f'{expected} expected, got {now}')
                node.check()
                step()
                time.sleep(0.2)

        def view(partition):
            event = {'event_id': str(time.monotonic_ns()), 'event_type': 'page_view', 'session_id': 's',
                     'page_url': 'https://a.example/', 'timestamp': time.time_ns() // 1_000_000}
            self.produce(WEB, partition, b's', json.dumps(event).encode())

        node.start()
        reaches(offset, lambda: view(0))        # a commit is of all tasks
        for expected in (offset + 1, offset + 2):
            view(1)
            reaches(expected)
            node.kill()
            node.start()
        view(1)
        reaches(offset + 3)
        node.stop()
        group.close()


    def test_16_a_source_that_is_not_keyed_by_session_is_rekeyed_though_nodes_are_killed(self):
        more = ['--set', 'kafka.prefix=rk.', '--set', 'sources.web.topic=clicks', '--set', 'sources.web.keyed_by_session=false']
        node = Node(WEIR, self.config, self.scratch, 'rekeying', *more)
        self.addCleanup(lambda: node.runs() and node.kill())
        self.done(self.weir('topics', 'create', '--source-partitions', '2', *more))
        node.start()
        begin, sessions, events = int(time.time() * 1000) - 7_200_000, 40, 12
        producer = confluent_kafka.Producer({'bootstrap.servers': self.broker.address})
        time.sleep(5)                               # its clocks go on while there is nothing
        for number in range(events):
            for session in range(sessions):
                event = {'event_id': f'{session}-{number}', 'event_type': 'page_view', 'session_id': f's{session}',
                         'page_url': 'https://a.example/', 'timestamp': begin + number * 60_000 + session}
                producer.produce('clicks', json.dumps(event), b'', (number + session) % 2)
            producer.flush(30)
            if number in (4, 8):
                time.sleep(4)
                node.kill()
                node.start()
        for partition in range(2):                  # closes them
            event = {'event_id': f'end{partition}', 'event_type': 'page_view', 'session_id': f'end{partition}',
                     'page_url': 'https://a.example/', 'timestamp': begin + 5_400_000}
            self.produce('clicks', partition, b'', json.dumps(event).encode())

        def closed():
            node.check()
            last = {json.loads(r['value'])['session_key']: json.loads(r['value'])
                    for r in self.reader.records('rk.weir.sessions') if r['value'] and not r['key'].startswith('~clock|')}
            return sorted((x['session_id'], x['events'], x['source_topic']) for x in last.values()
                          if not x['session_id'].startswith('end'))

        expected = sorted((f's{session}', events, 'clicks') for session in range(sessions))
        until = time.monotonic() + 90
        while (got := closed()) != expected:
            self.assertLess(time.monotonic(), until, f'{got}\n{node.said()}')
            time.sleep(0.5)
        node.stop()


if __name__ == '__main__':
    WEIR = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2, failfast=True)
