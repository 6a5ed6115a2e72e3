#!/usr/bin/env python3
"""tools/broker/local-cluster: nodes on a real broker started, killed, started again, added and stopped.

    python3 local_cluster_test.py
"""
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOOL = ROOT / 'tools' / 'broker' / 'local-cluster'
EVENTS = 2 * 60 * 50            # two minutes at fifty a second
LINE = re.compile(r'(node-\d)  pid (\d+)  http://127.0.0.1:\d+  ready  (\d+) tasks  ([\d,]+) records  ([\d,]+) wait')
DEADLINE = 60


def call(*command, status=0):
    done = subprocess.run([str(TOOL), *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          check=False)
    print(done.stdout, end='', flush=True)
    expect(done.returncode == status, f'{command}: status {done.returncode}, expected {status}')
    return done.stdout


def expect(fine, what):
    if not fine:
        sys.exit(f'FAILED: {what}')


def nodes(text):
    """{name: (pid, tasks, records, waiting)} of the nodes that are ready."""
    return {m[0]: tuple(int(number.replace(',', '')) for number in m[1:]) for m in LINE.findall(text)}


def until(check, what):
    end = time.monotonic() + DEADLINE
    while not check():
        expect(time.monotonic() < end, what)
        time.sleep(1)


def running(folder):
    """Processes that have the folder in their command line."""
    found = []
    for process in pathlib.Path('/proc').glob('[0-9]*'):
        try:
            words = (process / 'cmdline').read_bytes()
        except OSError:
            continue
        if str(folder).encode() in words and int(process.name) != os.getpid():
            found.append(words.replace(b'\0', b' ').decode())
    return found


def check(folder):
    call('status', folder, status=1)                                       # nothing is there yet
    first = nodes(call('start', folder, '--nodes', 2))
    expect(len(first) == 2, 'two nodes ready')
    expect(nodes(call('start', folder, '--nodes', 2)).keys() == first.keys(), 'a second start finds them')
    call('traffic', folder, '--minutes', 2)
    until(lambda: sum(n[2] for n in nodes(call('status', folder)).values()) == EVENTS, f'{EVENTS} events are taken in')

    os.kill(first['node-1'][0], signal.SIGKILL)
    until(lambda: 'node-1  does not run' in call('status', folder), 'the killed node is missed')
    again = nodes(call('start', folder, '--nodes', 3))
    expect(len(again) == 3 and again['node-1'][0] != first['node-1'][0], 'it is back, and a third is there')
    expect(again['node-2'][0] == first['node-2'][0], 'the other one ran on')
    call('traffic', folder, '--minutes', 2)
    until(lambda: all(n[1] > 0 and n[3] == 0 for n in nodes(call('status', folder)).values()), 'every node has work done')

    call('stop', folder)
    expect(not running(folder), f'nothing is left: {running(folder)}')


def main():
    with tempfile.TemporaryDirectory(prefix='weir-local-') as scratch:
        folder = pathlib.Path(scratch) / 'cluster'
        try:
            check(folder)
        finally:
            if folder.exists():
                subprocess.run([str(TOOL), 'stop', str(folder)], check=False)
    print('ok')


if __name__ == '__main__':
    sys.exit(main())
