#!/usr/bin/env python3
"""Nodes of `weir run` on a real broker, killed again and again while traffic comes in; then what is on the broker, read
committed, beside the oracle's results over the input:

    python3 kafka_test.py path/to/weir [--kills N] [--nodes N] [--seed N] [--checkpoint 0|DURATION] [--keep DIR]

A kill is a SIGKILL of a random node, which is started again: at once, or after its lanes' places in the group have been
given away. Exit status 1 if anything differs.
"""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from log_check import LogCheck
from metrics import FAMILIES

HERE = pathlib.Path(__file__).resolve().parent
BROKER = str(HERE.parent.parent / 'tools' / 'broker' / 'kafka-broker')
PARTITIONS = 4
CHUNK, CHUNK_SPAN = 5_000, 600_000      # records of one send, and the event time from one to the next, milliseconds
START = 1_767_225_600_000
OUTPUTS = ('events', 'sessions', 'dlq', 'late', *(f'gold.{family}' for family in FAMILIES))
SESSION_TIMEOUT = 3                     # seconds after which a killed node's tasks move
QUIET, DEADLINE = 8, 150                # seconds without a new record that mean rest; and to come to rest
TRAILER = 'trailer'


class Broker:
    def __init__(self, folder):
        self.folder = str(folder)
        self.address = self.call('start', self.folder).split('bootstrap=')[1].split()[0]

    @staticmethod
    def call(*command):
        done = subprocess.run([BROKER, *command], check=True, stdout=subprocess.PIPE, text=True,
                              env={**os.environ, 'KAFKA_OWNER': str(os.getpid())})
        return done.stdout

    def stop(self):
        self.call('kill', self.folder)


class Node:
    def __init__(self, weir, config, folder, name):
        self.command = [weir, 'run', '--config', str(config), '--set', f'node.id={name}', '--set',
                        f'node.data_dir={folder / name}']
        self.log = open(folder / f'{name}.log', 'ab')
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def check(self):
        if self.process.poll() is not None:
            sys.exit(f'a node ended by itself, status {self.process.returncode}; {self.log.name}')

    def stop(self):
        self.process.terminate()
        status = self.process.wait(60)
        if status != 0:
            sys.exit(f'a node stopped with status {status}; {self.log.name}')


class KafkaTest(LogCheck):
    def __init__(self, args, scratch):
        super().__init__(scratch, pathlib.Path(scratch) / 'weir.yaml')
        self.weir, self.args = os.path.abspath(args.weir), args
        self.random = random.Random(args.seed)
        self.broker = Broker(self.scratch / 'broker')
        self.configure()
        self.nodes = [Node(self.weir, self.config, self.scratch, f'node-{n}') for n in range(args.nodes)]

    def configure(self):
        text = (HERE / 'kill_loop.yaml').read_text(encoding='utf-8')
        self.config.write_text(f'{text}log: {{kind: kafka}}\nkafka: {{brokers: "{self.broker.address}", properties: '
                               f'{{session.timeout.ms: {SESSION_TIMEOUT * 1000}, heartbeat.interval.ms: 500}}}}\n'
                               f'checkpoint: {{interval: {self.args.checkpoint}}}\n', encoding='utf-8')
        self.call('topics', 'create', '--source-partitions', str(PARTITIONS))
        self.call('topics', 'check')

    def call(self, *command):
        subprocess.run([self.weir, *command, '--config', str(self.config)], check=True)

    def send(self, number, last=False):
        self.call('generate', '--to', 'kafka', '--events', str(CHUNK), '--sessions', '150', '--seed',
                  str(100 * self.args.seed + number), '--start', str(START + number * CHUNK_SPAN),
                  *(['--trailer'] if last else []))

    def dump(self, topic):
        """Read committed. The trailer is no traffic."""
        done = subprocess.run(['kcat', '-b', self.broker.address, '-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-J',
                               '-X', 'isolation.level=read_committed'], check=True, stdout=subprocess.PIPE)
        records = (json.loads(line) for line in done.stdout.splitlines())
        found = [{'partition': r['partition'], 'offset': r['offset'], 'key': r['key'], 'value': r['payload']}
                 for r in records if f'"site_id":"{TRAILER}"' not in r['payload']]
        return sorted(found, key=lambda r: (r['partition'], r['offset']))

    def ends(self):
        """Where each partition of the outputs ends."""
        asked = [part for name in OUTPUTS for p in range(PARTITIONS) for part in ('-t', f'weir.{name}:{p}:-1')]
        return subprocess.run(['kcat', '-b', self.broker.address, '-Q', *asked], check=True,
                              stdout=subprocess.PIPE).stdout

    def rest(self):
        """Waits until nothing new comes out."""
        begun = changed = time.monotonic()
        ends = self.ends()
        while time.monotonic() - changed < QUIET:
            for node in self.nodes:
                node.check()
            time.sleep(0.5)
            if (now := self.ends()) != ends:
                ends, changed = now, time.monotonic()
            if time.monotonic() - begun > DEADLINE:
                sys.exit(f'no rest after {DEADLINE} s')
        print(f'at rest after {changed - begun:.0f} s', flush=True)

    def strike(self, number):
        node = self.random.choice(self.nodes)
        node.kill()
        away = len(self.nodes) > 1 and self.random.random() < 0.3
        if away:
            time.sleep(SESSION_TIMEOUT + 1)
        print(f'kill {number}: {node.command[5]}, back {"after its tasks moved" if away else "at once"}', flush=True)
        node.start()

    def run(self):
        for node in self.nodes:
            node.start()
        chunks = max(4, self.args.kills // 2)
        kill = 0
        for number in range(chunks):
            self.send(number, number + 1 == chunks)
            while kill * chunks < self.args.kills * (number + 1):
                time.sleep(self.random.uniform(0.3, 2.5))
                kill += 1
                self.strike(kill)
        self.rest()
        diffs = self.compare()
        print(f'beside the oracle, after {self.args.kills} kills of {len(self.nodes)} nodes: {diffs.report(20)}', flush=True)
        for node in self.nodes:
            node.stop()
        return 1 if diffs.total else 0

    def end(self):
        for node in self.nodes:
            if node.process and node.process.poll() is None:
                node.kill()
        self.broker.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('weir')
    parser.add_argument('--kills', type=int, default=10)
    parser.add_argument('--nodes', type=int, default=3)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--checkpoint', default='3s', help='checkpoint.interval')
    parser.add_argument('--keep', help='a folder to work in, kept; default: one that is removed')
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix='weir-kafka-') as scratch:
        folder = pathlib.Path(args.keep or scratch)
        folder.mkdir(parents=True, exist_ok=True)
        test = KafkaTest(args, folder)
        try:
            return test.run()
        finally:
            test.end()


if __name__ == '__main__':
    sys.exit(main())
