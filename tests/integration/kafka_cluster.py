"""A real broker, nodes of `weir run`, and what is on the broker, for tests."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import confluent_kafka
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from log_check import LogCheck
from metrics import FAMILIES

HERE = pathlib.Path(__file__).resolve().parent
PARTITIONS = 4
OUTPUTS = ('events', 'users', 'dlq', 'late', *(f'gold.{family}' for family in FAMILIES))
SESSION_TIMEOUT = 3                     # seconds after which a killed node's tasks move
QUIET, DEADLINE = 6, 240                # seconds without a new record that mean rest; and to come to rest
FEW_REPORTS = 500
TRAILER = 'trailer'
DISORDER = 30_000                       # time.max_out_of_orderness
KAFKA_BROKER = str(HERE.parent.parent / 'tools' / 'broker' / 'kafka-broker')


class Broker:
    """One broker in a folder, gone when this process is."""

    def __init__(self, folder, *settings, port=0, **environment):
        self.folder, self.settings, self.port = str(folder), settings, port
        self.environment = {**os.environ, **environment, 'KAFKA_OWNER': str(os.getpid())}
        self.start()

    def start(self):
        said = self.call('start', self.folder, str(self.port), *self.settings)
        self.address = said.split('bootstrap=')[1].split()[0]

    def call(self, *command):
        return subprocess.run([KAFKA_BROKER, *command], check=True, stdout=subprocess.PIPE, text=True,
                              env=self.environment).stdout

    def kill(self):
        self.call('kill', self.folder)

    def pause(self, on):
        self.call('pause' if on else 'resume', self.folder)


class Node:
    """A node of the job with an id, a folder for its state, and a log beside it."""

    def __init__(self, weir, config, folder, name, *more):
        self.name, self.data = name, folder / name
        self.command = [weir, 'run', '--config', str(config), '--set', f'node.id={name}', '--set',
                        f'node.data_dir={self.data}', '--set', 'http.listen=127.0.0.1:0', *more]
        self.log_path = folder / f'{name}.log'
        self.log = open(self.log_path, 'ab')
        self.process = None

    def start(self):
        self.said_before = self.log_path.stat().st_size
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log)

    def wait_started(self, said='starting'):
        """Before, it has nothing to stop in good order."""
        until = time.monotonic() + 60
        while f'"msg":"{said}"' not in self.log_path.read_text(encoding='utf-8')[self.said_before:]:
            self.check()
            if time.monotonic() > until:
                sys.exit(f'{self.name} does not start:\n{self.said()}')
            time.sleep(0.1)

    def runs(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def pause(self, on):
        self.process.send_signal(signal.SIGSTOP if on else signal.SIGCONT)

    def cpu_seconds(self, threads):
        """Of those whose names begin so."""
        stats = [path.read_text() for path in pathlib.Path(f'/proc/{self.process.pid}/task').glob('*/stat')]
        spent = [stat.rpartition(') ')[2].split() for stat in stats if stat.partition('(')[2].startswith(threads)]
        return sum(int(ticks) for fields in spent for ticks in fields[11:13]) / os.sysconf('SC_CLK_TCK')

    def check(self):
        if self.process and self.process.poll() is not None:
            sys.exit(f'{self.name} ended by itself, status {self.process.returncode}:\n{self.said()}')

    def stop(self):
        self.wait_started()
        self.process.terminate()
        status = self.process.wait(60)
        if status != 0:
            sys.exit(f'{self.name} stopped with status {status}:\n{self.said()}')
        self.process = None

    def drain(self):
        """By the command, at the address that the node's log names."""
        self.wait_started('listening')
        listening = re.findall(r'"http":"([^"]+)"', self.said(1000))
        subprocess.run([self.command[0], 'drain', '--at', listening[-1]], check=True, timeout=120)
        if self.process.wait(10) != 0:
            sys.exit(f'{self.name} drained with status {self.process.returncode}:\n{self.said()}')

    def said(self, lines=20):
        self.log.flush()
        return '\n'.join(self.log_path.read_text(encoding='utf-8', errors='replace').splitlines()[-lines:])

    def lose_state(self):
        shutil.rmtree(self.data, ignore_errors=True)

    def damage_state(self):
        """As a disk may that lost what it had promised to keep."""
        for manifest in (self.data / 'state').glob('MANIFEST-*'):
            os.truncate(manifest, manifest.stat().st_size // 2)

    def keep_state(self, where):
        shutil.rmtree(where, ignore_errors=True)
        shutil.copytree(self.data, where)

    def return_to(self, where):
        self.lose_state()
        shutil.copytree(where, self.data)


class Reader:
    """Topics, read committed."""

    def __init__(self, address):
        self.config = {'bootstrap.servers': address, 'group.id': 'reader', 'isolation.level': 'read_committed',
                       'enable.auto.commit': False, 'auto.offset.reset': 'earliest', 'enable.partition.eof': True,
                       'fetch.wait.max.ms': 50, 'log_level': 0}
        self.consumer = None            # made once: it takes seconds
        self.admin = AdminClient({'bootstrap.servers': address, 'log_level': 0})

    def partitions(self, topic):
        return sorted(self.admin.list_topics(topic, timeout=30).topics[topic].partitions)

    def ends(self, topics):
        """Where each partition ends, with what is not committed. A broker may be just coming back."""
        until = time.monotonic() + 60
        while True:
            try:
                return self.ends_now(topics)
            except confluent_kafka.KafkaException as error:
                if time.monotonic() > until:
                    sys.exit(f'the broker does not say where topics end: {error}')
                time.sleep(0.5)

    def ends_now(self, topics):
        asked = {TopicPartition(t, p): OffsetSpec.latest() for t in topics for p in self.partitions(t)}
        answers = self.admin.list_offsets(asked, request_timeout=30)
        return {(tp.topic, tp.partition): future.result().offset for tp, future in answers.items()}

    def lag(self, group, topics):
        """Records that the group has not taken in yet, each topic's."""
        ends = self.ends(topics)
        asked = ConsumerGroupTopicPartitions(group, [TopicPartition(*part) for part in ends])
        found = self.admin.list_consumer_group_offsets([asked], request_timeout=30)[group].result()
        lag = dict.fromkeys(topics, 0)
        for part in found.topic_partitions:
            lag[part.topic] += ends[part.topic, part.partition] - max(0, part.offset)
        return lag

    def records(self, topic):
        self.consumer = consumer = self.consumer or confluent_kafka.Consumer(self.config)
        parts = [TopicPartition(topic, p, 0) for p in self.partitions(topic)]
        consumer.list_topics(topic, timeout=30)     # else it asks for the topic a second later
        consumer.assign(parts)
        found, open_parts = [], {p.partition for p in parts}
        until = time.monotonic() + 60
        while open_parts:
            if time.monotonic() > until:
                sys.exit(f'{topic} cannot be read to its end: partitions {open_parts} hold an open transaction?')
            for m in consumer.consume(10_000, 0.05):
                if not m.error():
                    found.append({'partition': m.partition(), 'offset': m.offset(), 'key': text(m.key()),
                                  'value': text(m.value())})
                elif m.error().code() == confluent_kafka.KafkaError._PARTITION_EOF:
                    if m.offset() >= consumer.get_watermark_offsets(TopicPartition(topic, m.partition()), cached=True)[1]:
                        open_parts.discard(m.partition())
                else:
                    sys.exit(f'{topic}: {m.error()}')
        consumer.unassign()
        return sorted(found, key=lambda r: (r['partition'], r['offset']))


def text(of):
    return None if of is None else of.decode('utf-8', 'surrogateescape')


class Job(LogCheck):
    """A job with topics of its own on a broker, its nodes, and the oracle's opinion of what came out."""

    def __init__(self, weir, scratch, address, prefix='', checkpoint='3s', partitions=PARTITIONS, more=''):
        scratch.mkdir(parents=True, exist_ok=True)
        super().__init__(scratch, scratch / 'weir.yaml')
        self.weir, self.address, self.prefix = os.path.abspath(weir), address, prefix
        self.source = f'{prefix}topic_web_events'
        self.reader, self.nodes = Reader(address), []
        base = (HERE / 'kill_loop.yaml').read_text(encoding='utf-8')
        self.config.write_text(
            f'{base}log: {{kind: kafka}}\n'
            f'kafka: {{brokers: "{address}", prefix: "{prefix}", properties: '
            f'{{session.timeout.ms: {SESSION_TIMEOUT * 1000}, heartbeat.interval.ms: 500}}}}\n'
            f'sources: {{web: {{topic: {self.source}}}}}\ncheckpoint: {{interval: {checkpoint}}}\n{more}',
            encoding='utf-8')
        if partitions:
            self.call('topics', 'create', '--source-partitions', str(partitions))
            self.call('topics', 'check')

    def add_node(self, *more, folder=None):
        self.nodes.append(Node(self.weir, self.config, folder or self.scratch, f'node-{len(self.nodes)}', *more))
        return self.nodes[-1]

    def call(self, *command):
        subprocess.run([self.weir, *command, '--config', str(self.config)], check=True)

    def send(self, events, seed, start, last=False):
        """Traffic; `last`: and what closes all sessions and windows."""
        self.call('generate', '--to', 'kafka', '--events', str(events), '--sessions', '150', '--seed', str(seed),
                  '--start', str(start), *(['--trailer'] if last else []))

    def watermark(self):
        """Where the trailer left it."""
        times = [json.loads(r['value'])['timestamp'] for r in self.reader.records(self.source)
                 if f'"site_id":"{TRAILER}"' in r['value']]
        return min(times) - DISORDER if times else None

    def dump(self, topic):
        """Without the trailer, which is no traffic."""
        name = f'{self.prefix}{topic}' if topic.startswith('weir.') else topic
        return [r for r in self.reader.records(name) if f'"site_id":"{TRAILER}"' not in (r['value'] or '')]

    def all_read(self):
        """Clock reports go on for ever."""
        lag = self.lag()
        return lag.pop(self.source) == 0 and max(lag.values()) <= FEW_REPORTS

    def lag(self):
        """By topic: what tasks have still to read."""
        return self.reader.lag(f'{self.prefix}weir', [self.source, *(f'{self.prefix}weir.{name}' for name in (
            'sessions', 'partials'))])

    def rest(self):
        """Waits until all is read and nothing new comes out."""
        begun = changed = time.monotonic()
        topics = [f'{self.prefix}weir.{name}' for name in OUTPUTS]
        ends = self.reader.ends(topics)
        while time.monotonic() - changed < QUIET:
            for node in self.nodes:
                node.check()
            time.sleep(0.5)
            if (now := self.reader.ends(topics)) != ends or not self.all_read():
                ends, changed = now, time.monotonic()
            if time.monotonic() - begun > DEADLINE:
                said = '\n'.join(f'{node.name}:\n{node.said()}' for node in self.nodes)
                sys.exit(f'no rest after {DEADLINE} s; {self.lag()}\n{said}')
        print(f'at rest after {changed - begun:.0f} s', flush=True)

    def differs(self, when):
        diffs = self.compare()
        print(f'beside the oracle, {when}: {diffs.report(20)}', flush=True)
        return diffs.total > 0

    def end(self):
        for node in self.nodes:
            if node.runs():
                node.kill()
