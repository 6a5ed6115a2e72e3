#!/usr/bin/env python3
"""Kills a real `weir demo --rate max` again and again, then lets it finish, and compares all that is in its log with the
oracle's results over the input that the log holds:

    python3 kill_loop.py path/to/weir [--kills N] [--seed N] [--checkpoint 0|DURATION] [--keep DIR]

Each kill is a SIGKILL at a random moment after a committed checkpoint of that life. Prints what each life did, and fails
if no life had anything to redo. Exit status 1 if anything differs.
"""
import argparse
import collections
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

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'oracle'))
import compare  # noqa: E402
from metrics import FAMILIES  # noqa: E402
from outputs import Outputs  # noqa: E402

ORACLE = str(HERE.parent / 'oracle' / 'oracle.py')
TOPIC = 'topic_web_events'
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


class KillLoop:
    def __init__(self, args, scratch):
        self.weir, self.args, self.scratch = os.path.abspath(args.weir), args, pathlib.Path(scratch)
        self.random = random.Random(args.seed)
        self.data, self.config = self.scratch / 'data', self.scratch / 'demo.yaml'
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

    def dump(self, topic, *more):
        """Each record of a topic, as a dict of its envelope."""
        done = subprocess.run([self.weir, 'log', 'dump', str(self.data), topic, '--envelope', *more], check=True,
                              stdout=subprocess.PIPE, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def write(self, path, values):
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.writelines(value + '\n' for value in values)

    def inputs(self):
        """The input that the log holds, a file a partition."""
        by_partition = collections.defaultdict(list)
        for record in self.dump(TOPIC):
            lines = by_partition[record['partition']]
            if record['offset'] != len(lines):
                sys.exit(f'the input has offset {record["offset"]} where {len(lines)} was expected')
            lines.append(record['value'])
        files = []
        for partition in range(max(by_partition) + 1):
            files.append(self.scratch / 'input' / f'{partition}.ndjson')
            self.write(files[-1], by_partition[partition])
        print(f'{sum(map(len, by_partition.values()))} records of input', flush=True)
        return [str(file) for file in files]

    def outputs(self):
        """The log's topics as `weir replay` would write them."""
        got = self.scratch / 'got'
        for name in ('events', 'late'):
            self.write(got / f'{name}.ndjson', (r['value'] for r in self.dump(f'weir.{name}')))
        self.write(got / 'dlq.ndjson', (r['value'] for r in self.dump('weir.dlq')))
        sessions = [r['value'] for r in self.dump('weir.sessions')]
        self.check_revisions(sessions)
        self.write(got / 'sessions.ndjson', {json.loads(s)['session_key']: s for s in sessions}.values())
        for family in FAMILIES:
            latest = {r['key']: r for r in self.dump(f'weir.gold.{family}', '--latest')}
            self.check_gold(family, latest)
            self.write(got / 'gold' / f'{family}.ndjson', (r['value'] for r in latest.values()))
        return Outputs(str(got))

    @staticmethod
    def check_revisions(sessions):
        """A session's revisions count 1, 2, 3, ...: none lost, none twice."""
        seen = collections.defaultdict(list)
        for session in map(json.loads, sessions):
            seen[session['session_key']].append(session['revision'])
        for key, revisions in seen.items():
            if revisions != list(range(1, len(revisions) + 1)):
                sys.exit(f'session {key} has revisions {revisions}')
        print(f'{len(sessions)} publications of {len(seen)} sessions, each revision once and in order', flush=True)

    def check_gold(self, family, latest):
        """Revisions of a gold record only grow, and the last is what the compacted view says."""
        last = {}
        for record in self.dump(f'weir.gold.{family}'):
            revision = json.loads(record['value'])['revision']
            if revision < last.get(record['key'], (0, 0))[0]:
                sys.exit(f'{family} {record["key"]}: revision {revision} after {last[record["key"]][0]}')
            last[record['key']] = revision, record['value']
        if {key: value for key, (_, value) in last.items()} != {key: r['value'] for key, r in latest.items()}:
            sys.exit(f'{family}: the last records are not those of the compacted view')

    def oracle(self, files):
        want = self.scratch / 'want'
        subprocess.run([sys.executable, ORACLE, '--config', str(self.config), '--out', str(want), *files], check=True)
        return Outputs(str(want))

    def run(self):
        self.scratch.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / 'kill_loop.yaml', self.config)
        with open(self.config, 'a', encoding='utf-8') as file:
            file.write(f'checkpoint: {{interval: {self.args.checkpoint}}}\n')
        for number in range(1, self.args.kills + 1):
            self.live_and_die(number)
        self.finish()
        diffs = compare.compare(self.outputs(), self.oracle(self.inputs()), ('summary', 'quality'))
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
    parser.add_argument('--checkpoint', default='100ms', help='checkpoint.interval')
    parser.add_argument('--keep', help='a folder to work in, kept; default: one that is removed')
    args = parser.parse_args()
    if args.keep:
        return KillLoop(args, args.keep).run()
    with tempfile.TemporaryDirectory(prefix='weir-kill-') as scratch:
        return KillLoop(args, scratch).run()


if __name__ == '__main__':
    sys.exit(main())
