#!/usr/bin/env python3
"""What may be wrong around a job on a real broker, one thing after another: what weir says, and that it loses nothing.

    python3 kafka_faults.py path/to/weir [CASE ...]
"""
import inspect
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import confluent_kafka
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource, NewTopic, ResourceType

from kafka_cluster import Broker, Job

START = 1_767_225_600_000
MESSAGE_SECONDS = 30            # in which a node that cannot go on says so
SLOW_SECONDS = 20
EVENT = ('{"event_id":"%s","event_type":"page_view","session_id":"%s","site_id":"default","timestamp":%d,'
         '"page_url":"https://www.example.com/","properties":{"text":"%s"}}')


def expect(true, what):
    if not true:
        sys.exit(f'FAILED: {what}')


def refusal(node, *words):
    """A node that must end by itself, and say these words."""
    node.start()
    try:
        status = node.process.wait(MESSAGE_SECONDS)
    except subprocess.TimeoutExpired:
        sys.exit(f'FAILED: {node.name} still runs after {MESSAGE_SECONDS} s:\n{node.said()}')
    expect(status == 1, f'status 1, got {status}:\n{node.said()}')
    for word in words:
        expect(word in node.said(), f'"{word}" expected in:\n{node.said()}')


class SlowBroker(threading.Thread):
    """As on a machine that has no time for it: while this is entered, the broker runs for a tenth of the time."""

    def __init__(self, broker):
        super().__init__(daemon=True)
        self.broker, self.ending = broker, threading.Event()

    def run(self):
        while not self.ending.wait(0.03):
            self.broker.pause(True)
            time.sleep(0.3)
            self.broker.pause(False)

    def __enter__(self):
        self.start()

    def __exit__(self, *_):
        self.ending.set()
        self.join()


class Faults:
    def __init__(self, weir, scratch):
        self.weir, self.scratch, self.number = weir, scratch, 0
        self.broker = Broker(scratch / 'broker')
        self.jobs = []

    def job(self, **more):
        self.number += 1
        prefix = f'f{self.number}.'
        self.jobs.append(Job(self.weir, self.scratch / prefix.strip('.'), self.broker.address, prefix, **more))
        return self.jobs[-1]

    def topic(self, job, name, partitions, **config):
        job.reader.admin.create_topics([NewTopic(name, partitions, 1, config=config)])[name].result(30)

    @staticmethod
    def set_policy(job, topic, policy):
        entry = ConfigEntry('cleanup.policy', policy, incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
        job.reader.admin.incremental_alter_configs([resource])[resource].result()

    # -- cases

    def no_broker_at_the_address(self):
        job = self.job()
        refusal(job.add_node('--set', 'kafka.brokers=127.0.0.1:1'), '127.0.0.1:1', 'kafka.brokers')

    def a_source_topic_is_missing(self):
        job = self.job(partitions=0)
        refusal(job.add_node(), 'sources.web.topic', job.source, 'weir topics create')

    def one_of_weirs_topics_has_another_partition_count(self):
        job = self.job(partitions=0)
        self.topic(job, job.source, 2)
        self.topic(job, f'{job.prefix}weir.sessions', 7)
        refusal(job.add_node(), f'{job.prefix}weir.sessions', '7 partitions', 'expected')

    def one_of_weirs_topics_would_lose_records(self):
        job = self.job(partitions=0)
        self.topic(job, job.source, 2)
        self.topic(job, f'{job.prefix}weir.events', 2, **{'cleanup.policy': 'compact'})
        refusal(job.add_node(), f'{job.prefix}weir.events: cleanup.policy is compact, expected delete')

    def two_nodes_have_the_same_id(self):
        job = self.job()
        one, two = job.add_node(), job.add_node('--set', 'node.id=node-0')
        one.start()
        time.sleep(3)
        two.start()
        until = time.monotonic() + 60
        while one.runs() and two.runs():
            expect(time.monotonic() < until, 'one of two nodes with one id ends')
            time.sleep(0.2)
        ended, other = (two, one) if one.runs() else (one, two)
        expect(ended.process.returncode == 1, f'status 1, got {ended.process.returncode}')
        expect('another node runs under the same node.id' in ended.said(), f'the reason expected in:\n{ended.said()}')
        job.nodes = [other]
        job.send(1_000, 1, START, last=True)
        job.rest()
        expect(not job.differs('with the node that is left'), 'equal')
        other.stop()

    def records_are_poison_or_too_large(self):
        job = self.job(partitions=0)
        self.topic(job, job.source, 2, **{'max.message.bytes': '4000000'})
        job.call('topics', 'create')
        job.add_node().start()
        job.send(1_000, 1, START)
        producer = confluent_kafka.Producer({'bootstrap.servers': job.address, 'message.max.bytes': 4_000_000,
                                             'log_level': 0})
        odd = [b'\xff\x00{', b'null', b'[' * 100_000, b'{"a":' * 40_000, ('"' + 'x' * 1_500_000 + '"').encode(),
               (EVENT % ('large', 'large', START, 'y' * 940_000)).encode(),
               (EVENT % ('too-large', 'large', START, 'z' * 1_200_000)).encode()]
        for i, value in enumerate(odd):
            producer.produce(job.source, value, key=b'odd', partition=i % 2, timestamp=START)
        expect(producer.flush(30) == 0, 'all odd records sent')
        job.send(1_000, 2, START + 60_000, last=True)
        job.rest()
        expect(not job.differs('with odd records'), 'equal')
        values = [r['value'] for r in job.dump('weir.events') if '"event_id":"large"' in r['value']]
        expect(len(values) == 1 and len(values[0]) <= 900 * 1024, 'silver of the large event, cut')
        job.nodes[0].stop()

    def a_changelog_is_trimmed(self):
        job = self.job()
        node = job.add_node()
        node.start()
        job.send(2_000, 1, START)
        job.rest()
        node.stop()
        log = f'{job.prefix}weir.changelog.{job.source}'
        ends = job.reader.ends([log])
        cut = [TopicPartition(log, p, end - 5) for (_, p), end in ends.items()]
        self.set_policy(job, log, 'compact,delete')     # else the broker cuts nothing off
        for answer in job.reader.admin.delete_records(cut).values():
            answer.result()
        self.set_policy(job, log, 'compact')
        other = Job.add_node(job)
        refusal(other, log, 'weir reset')
        job.nodes = [node]
        node.start()                        # its own disk has what is gone
        job.send(1_000, 2, START + 240_000, last=True)
        job.rest()
        expect(not job.differs('with a trimmed changelog'), 'equal')
        node.stop()

    def the_disk_is_full(self):
        job = self.job()
        small = job.scratch / 'small'
        small.mkdir()
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', str(small)], check=True)
        try:
            node = job.add_node('--set', f'node.data_dir={small}', '--set', 'memory.rocksdb=1MiB')
            node.start()
            job.send(20_000, 1, START, last=True)
            until = time.monotonic() + 90
            while node.runs():
                expect(time.monotonic() < until, f'a node whose disk is full ends:\n{node.said()}')
                time.sleep(0.2)
            expect(node.process.returncode == 1, f'status 1, got {node.process.returncode}')
            expect('space' in node.said(), f'the reason expected in:\n{node.said()}')
        finally:
            job.end()
            subprocess.run(['umount', str(small)], check=True)
        job.nodes = [Job.add_node(job)]
        job.nodes[0].start()
        job.rest()
        expect(not job.differs('after a full disk, on another'), 'equal')
        job.nodes[0].stop()

    def the_broker_is_away_for_a_while(self):
        job = self.job()
        node = job.add_node()
        self.broker.pause(True)
        node.start()
        time.sleep(5)
        self.broker.pause(False)
        job.send(1_000, 1, START)
        time.sleep(2)
        self.broker.pause(True)
        time.sleep(12)
        self.broker.pause(False)
        job.send(1_000, 2, START + 60_000, last=True)
        job.rest()
        expect(not job.differs('with a broker that was away'), 'equal')
        node.stop()

    def the_broker_answers_slowly(self):
        """What waits for an answer must not burn a processor, which the broker may need for it."""
        job = self.job()
        job.send(60_000, 1, START, last=True)
        node = job.add_node('--set', 'commit.interval=5s')      # large ones: much has to wait
        node.start()
        node.wait_started()
        with SlowBroker(self.broker):
            time.sleep(SLOW_SECONDS)
        burnt = node.cpu_seconds('rdk:broker')
        expect(burnt < SLOW_SECONDS / 20, f'threads of Kafka clients burned {burnt:.1f} s in {SLOW_SECONDS} s')
        job.rest()
        node.stop()

    # -- all of them

    def cases(self):
        known = [name for name, _ in inspect.getmembers(Faults, inspect.isfunction)
                 if name not in ('job', 'topic', 'set_policy', 'cases', 'run', 'end') and not name.startswith('_')]
        return sorted(known, key=lambda name: inspect.getsourcelines(getattr(Faults, name))[1])

    def run(self, names):
        for name in names or self.cases():
            begun = time.monotonic()
            print(f'--- {name.replace("_", " ")}', flush=True)
            getattr(self, name)()
            print(f'    passed, {time.monotonic() - begun:.0f} s', flush=True)

    def end(self):
        for job in self.jobs:
            job.end()
        self.broker.kill()


def main():
    weir, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    with tempfile.TemporaryDirectory(prefix='weir-faults-') as scratch:
        faults = Faults(weir, pathlib.Path(scratch))
        try:
            faults.run(names)
        finally:
            faults.end()


if __name__ == '__main__':
    main()
