#!/usr/bin/env python3
"""Nodes of `weir run` on a real broker, while traffic comes in and one after another is killed, frozen, taken away, robbed
of its state, and the broker, too; then what is on the broker, read committed, beside the oracle's results over the input:

    python3 kafka_chaos.py path/to/weir [--kills N] [--nodes N] [--seed N] [--checkpoint 0|DURATION] [--keep DIR]

Exit status 1 if anything differs.
"""
import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

from kafka_cluster import Broker, Node, Reader
from log_check import LogCheck
from metrics import FAMILIES

HERE = pathlib.Path(__file__).resolve().parent
PARTITIONS = 4
CHUNK, CHUNK_SPAN = 2_500, 240_000      # records of one send, and the event time from one to the next, milliseconds
START = 1_767_225_600_000
OUTPUTS = ('events', 'sessions', 'dlq', 'late', *(f'gold.{family}' for family in FAMILIES))
SESSION_TIMEOUT = 3                     # seconds after which a killed node's tasks move
QUIET, DEADLINE = 8, 150                # seconds without a new record that mean rest; and to come to rest
TRAILER = 'trailer'


class Load(threading.Thread):
    """Sends chunk after chunk until it is told to end; the last one closes all sessions and windows."""

    def __init__(self, send, chunks, pause):
        super().__init__(daemon=True)
        self.send, self.chunks, self.pause = send, chunks, pause
        self.stopping, self.failure, self.sent = threading.Event(), None, 0

    def run(self):
        while self.sent + 1 < self.chunks and not self.failure and not self.stopping.wait(self.pause):
            self.send_one()
        self.stopping.wait()
        if not self.failure:
            self.send_one(last=True)

    def send_one(self, last=False):
        """The broker may be down: what is sent again then has duplicates, which are input like any other."""
        for _ in range(4):
            try:
                self.send(self.sent, last=last)
                self.sent += 1
                return
            except subprocess.CalledProcessError as error:
                self.failure, failed = None, error
        self.failure = failed

    def end(self):
        self.stopping.set()
        self.join()
        if self.failure:
            sys.exit(f'traffic could not be sent: {self.failure}')


class Chaos(LogCheck):
    def __init__(self, args, scratch):
        super().__init__(scratch, pathlib.Path(scratch) / 'weir.yaml')
        self.weir, self.args = os.path.abspath(args.weir), args
        self.random = random.Random(args.seed)
        self.broker = Broker(self.scratch / 'broker')
        self.reader = Reader(self.broker.address)
        self.configure()
        self.nodes = [self.node(n) for n in range(args.nodes)]
        self.copies = {}

    def configure(self):
        text = (HERE / 'kill_loop.yaml').read_text(encoding='utf-8')
        self.config.write_text(f'{text}log: {{kind: kafka}}\nkafka: {{brokers: "{self.broker.address}", properties: '
                               f'{{session.timeout.ms: {SESSION_TIMEOUT * 1000}, heartbeat.interval.ms: 500}}}}\n'
                               f'checkpoint: {{interval: {self.args.checkpoint}}}\n', encoding='utf-8')
        self.call('topics', 'create', '--source-partitions', str(PARTITIONS))
        self.call('topics', 'check')

    def node(self, number):
        return Node(self.weir, self.config, self.scratch, f'node-{number}')

    def call(self, *command):
        subprocess.run([self.weir, *command, '--config', str(self.config)], check=True)

    def send(self, number, last=False):
        self.call('generate', '--to', 'kafka', '--events', str(CHUNK), '--sessions', '150', '--seed',
                  str(1000 * self.args.seed + number), '--start', str(START + number * CHUNK_SPAN),
                  *(['--trailer'] if last else []))

    def dump(self, topic):
        """Without the trailer, which is no traffic."""
        return [r for r in self.reader.records(topic) if f'"site_id":"{TRAILER}"' not in r['value']]

    def rest(self):
        """Waits until nothing new comes out."""
        begun = changed = time.monotonic()
        topics = [f'weir.{name}' for name in OUTPUTS]
        ends = self.reader.ends(topics)
        while time.monotonic() - changed < QUIET:
            for node in self.nodes:
                node.check()
            time.sleep(0.5)
            if (now := self.reader.ends(topics)) != ends:
                ends, changed = now, time.monotonic()
            if time.monotonic() - begun > DEADLINE:
                sys.exit(f'no rest after {DEADLINE} s')
        print(f'at rest after {changed - begun:.0f} s', flush=True)

    # -- what may happen

    def back_at_once(self, node):
        node.kill()
        node.start()

    def back_after_its_tasks_moved(self, node):
        node.kill()
        time.sleep(SESSION_TIMEOUT + 1)
        node.start()

    def back_with_an_empty_disk(self, node):
        node.kill()
        node.lose_state()
        node.start()

    def back_with_an_old_disk(self, node):
        """With what its disk held when this happened to it last."""
        node.kill()
        older, newer = (self.scratch / f'{node.name}.{age}' for age in ('older', 'newer'))
        node.keep_state(newer)
        if older.exists():
            node.return_to(older)
        newer.rename(older) if not older.exists() else None
        node.start()

    def frozen_until_its_tasks_moved(self, node):
        node.pause(True)
        time.sleep(SESSION_TIMEOUT + 2)
        node.pause(False)

    def stopped_and_started(self, node):
        node.stop()
        time.sleep(self.random.uniform(0, SESSION_TIMEOUT + 1))
        node.start()

    def joined_by_another(self, _):
        self.nodes.append(self.node(len(self.nodes)))
        self.nodes[-1].start()

    def broker_killed(self, _):
        self.broker.kill()
        time.sleep(1)
        self.broker.start()

    def broker_frozen(self, _):
        self.broker.pause(True)
        time.sleep(4)
        self.broker.pause(False)

    def faults(self):
        """So many kills, in all kinds, and each other fault once for every ten of them."""
        kinds = [self.back_at_once, self.back_after_its_tasks_moved, self.back_with_an_old_disk, self.back_at_once,
                 self.back_with_an_empty_disk, self.back_with_an_old_disk]
        kills = [kinds[i % len(kinds)] for i in range(self.args.kills)]
        others = [self.frozen_until_its_tasks_moved, self.stopped_and_started, self.broker_killed, self.broker_frozen]
        rest = others * (self.args.kills // 10) + ([self.joined_by_another] if self.args.kills >= 10 else [])
        self.random.shuffle(rest)
        every = max(1, len(kills) // (len(rest) + 1))
        for i, fault in enumerate(rest):
            kills.insert(min(len(kills), (i + 1) * every + i), fault)
        return kills

    def strike(self, number, fault):
        node = self.random.choice(self.nodes)
        print(f'{number}: {node.name} {fault.__name__.replace("_", " ")}', flush=True)
        fault(node)

    def run(self):
        for node in self.nodes:
            node.start()
        faults = self.faults()
        load = Load(self.send, max(4, 2 * len(faults)), 0.3)
        load.start()
        for number, fault in enumerate(faults, 1):
            time.sleep(self.random.uniform(0.5, 3))
            for node in self.nodes:
                node.check()
            self.strike(number, fault)
        load.end()
        self.rest()
        diffs = self.compare()
        print(f'beside the oracle, after {len(faults)} faults: {diffs.report(20)}', flush=True)
        for node in self.nodes:
            node.stop()
        return 1 if diffs.total else 0

    def end(self):
        for node in self.nodes:
            if node.runs():
                node.kill()
        self.broker.kill()


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
        test = Chaos(args, folder)
        try:
            return test.run()
        finally:
            test.end()


if __name__ == '__main__':
    sys.exit(main())
