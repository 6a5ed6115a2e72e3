#!/usr/bin/env python3
"""Nodes of `weir run` on a real broker, while traffic comes in and one after another is killed, frozen, taken away, robbed
of its state, and the broker, too; then what is on the broker, read committed, beside the oracle's results over the input:

    python3 kafka_chaos.py path/to/weir [--kills N] [--nodes N] [--seed N] [--checkpoint 0|DURATION] [--keep DIR]

Exit status 1 if anything differs.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

from kafka_cluster import SESSION_TIMEOUT, Broker, Job

CHUNK, CHUNK_SPAN = 2_500, 240_000      # records of one send, and the event time from one to the next, milliseconds
MOST_CHUNKS = 60                        # the oracle is slow
FAULT_SECONDS = 2.5                     # that one fault and the pause before it take about
START = 1_767_225_600_000


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


class Chaos(Job):
    def __init__(self, args, scratch):
        self.broker = Broker(scratch / 'broker')
        super().__init__(args.weir, scratch, self.broker.address, checkpoint=args.checkpoint)
        self.args, self.random = args, random.Random(args.seed)
        for _ in range(args.nodes):
            self.add_node()

    def send_part(self, number, last=False):
        self.send(CHUNK, 1000 * self.args.seed + number, START + number * CHUNK_SPAN, last)

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

    def back_with_a_damaged_disk(self, node):
        node.kill()
        node.damage_state()
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

    def drained_and_started(self, node):
        node.drain()
        time.sleep(1)
        node.start()

    def joined_by_another(self, _):
        self.add_node().start()

    def all_started(self):
        """A node that is just being started gives up when no broker answers: kafka_faults is for that."""
        for node in self.nodes:
            node.wait_started()

    def broker_killed(self, _):
        self.all_started()
        self.broker.kill()
        time.sleep(1)
        self.broker.start()

    def broker_frozen(self, _):
        self.all_started()
        self.broker.pause(True)
        time.sleep(4)
        self.broker.pause(False)

    def faults(self):
        """So many kills, in all kinds, and each other fault once for every ten of them."""
        kinds = [self.back_at_once, self.back_after_its_tasks_moved, self.back_with_an_old_disk, self.back_at_once,
                 self.back_with_an_empty_disk, self.back_with_an_old_disk, self.back_with_a_damaged_disk]
        kills = [kinds[i % len(kinds)] for i in range(self.args.kills)]
        others = [self.frozen_until_its_tasks_moved, self.stopped_and_started, self.drained_and_started, self.broker_killed, self.broker_frozen]
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
        chunks = max(4, min(MOST_CHUNKS, 2 * len(faults)))
        load = Load(self.send_part, chunks, FAULT_SECONDS * len(faults) / chunks)
        load.start()
        for number, fault in enumerate(faults, 1):
            time.sleep(self.random.uniform(0.5, 3))
            for node in self.nodes:
                node.check()
            self.strike(number, fault)
        load.end()
        self.rest()
        differs = self.differs(f'after {len(faults)} faults')
        for node in self.nodes:
            node.stop()
        return 1 if differs else 0

    def end(self):
        super().end()
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
