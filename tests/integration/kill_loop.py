#!/usr/bin/env python3
"""Kills a real `weir demo --rate max` again and again, then lets it finish, and compares all that is in its log with the
oracle's results over the input that the log holds:

    python3 kill_loop.py path/to/weir [--kills N] [--seed N] [--checkpoint 0|DURATION] [--keep DIR]

Each kill is a SIGKILL at a random moment after a committed checkpoint of that life. Prints what each life did, and fails
if no life had anything to redo. Exit status 1 if anything differs.
"""
import argparse
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from log_check import LogCheck

HERE = pathlib.Path(__file__).resolve().parent
LINE = re.compile(r'in ([\d,]+) = valid ([\d,]+) \+ dead letters ([\d,]+), lag ([\d,]+).*'
                  r'commits ([\d,]+), checkpointed ([\d,]+), redone ([\d,]+), divergences ([\d,]+)')
LIFE_SECONDS = 60       # a life that makes no checkpoint in this time is a failure


class Life:
    """What the lines of one process said last."""
    NAMES = ('in', 'valid', 'dead', 'lag', 'commits', 'checkpointed', 'redone', 'divergences')

    def __init__(self):
        self.said = dict.fromkeys(self.NAMES, 0)

    def read(self, line):
        found = LINE.search(line)
        if found:
            self.said = dict(zip(self.NAMES, (int(x.replace(',', '')) for x in found.groups())))
        return bool(found)


class KillLoop(LogCheck):
    def __init__(self, args, scratch):
        super().__init__(scratch, pathlib.Path(scratch) / 'demo.yaml')
        self.weir, self.args = os.path.abspath(args.weir), args
        self.random = random.Random(args.seed)
        self.data = self.scratch / 'data'
        self.redone = self.divergences = 0

    def command(self, *more):
        return [self.weir, 'demo', '--data', str(self.data), '--config', str(self.config), '--every', '20ms', *more]

    def traffic(self):
        return self.command('--rate', 'max', '--sessions', '300', '--seed', str(self.args.seed))

    def live_and_die(self, number):
        """One life: until it has committed a checkpoint, and a random time more; then SIGKILL."""
        process = subprocess.Popen(self.traffic(), stdout=subprocess.PIPE, text=True)
        life, begun = Life(), time.monotonic()
        while life.said['checkpointed'] == 0:
            line = process.stdout.readline()
            if not line or time.monotonic() - begun > LIFE_SECONDS:
                process.kill()
                sys.exit(f'life {number} ended by itself or made no checkpoint: status {process.wait()}')
            life.read(line)
        time.sleep(self.random.uniform(0, 0.2))
        process.send_signal(signal.SIGKILL)
        for line in process.stdout:
            life.read(line)
        process.wait()
        self.account(number, life)

    def account(self, number, life):
        said = life.said
        print(f'life {number}: in {said["in"]}, commits {said["commits"]}, checkpointed {said["checkpointed"]}, '
              f'redone {said["redone"]}', flush=True)
        if said['in'] != said['valid'] + said['dead']:
            sys.exit(f'life {number}: in is not valid + dead letters')
        self.redone += said['redone']
        self.divergences += said['divergences']

    def finish(self):
        done = subprocess.run(self.command('--finish'), stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f'weir demo --finish: status {done.returncode}')
        life = Life()
        for line in done.stdout.splitlines():
            life.read(line)
        self.account('last', life)

    def lines(self, topic, *more):
        done = subprocess.run([self.weir, 'log', 'dump', str(self.data), topic, '--envelope', *more], check=True,
                              stdout=subprocess.PIPE, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def dump(self, topic):
        return self.lines(topic)

    def latest(self, topic):
        return {r['key']: r['value'] for r in self.lines(topic, '--latest')}

    def run(self):
        self.scratch.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / 'kill_loop.yaml', self.config)
        with open(self.config, 'a', encoding='utf-8') as file:
            file.write(f'checkpoint: {{interval: {self.args.checkpoint}}}\n')
        for number in range(1, self.args.kills + 1):
            self.live_and_die(number)
        self.finish()
        diffs = self.compare()
        print(f'beside the oracle, after {self.args.kills} kills: {diffs.report(20)}')
        print(f'redo records: {self.redone}, divergences: {self.divergences}', flush=True)
        redo_seen = self.redone > 0 or self.args.checkpoint == '0'
        if not redo_seen:
            print('no life had anything to redo')
        return 1 if diffs.total or self.divergences or not redo_seen else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('weir')
    parser.add_argument('--kills', type=int, default=20)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--checkpoint', default='2s', help='checkpoint.interval')
    parser.add_argument('--keep', help='a folder to work in, kept; default: one that is removed')
    args = parser.parse_args()
    if args.keep:
        return KillLoop(args, args.keep).run()
    with tempfile.TemporaryDirectory(prefix='weir-kill-') as scratch:
        return KillLoop(args, scratch).run()


if __name__ == '__main__':
    sys.exit(main())
