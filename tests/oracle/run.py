#!/usr/bin/env python3
"""weir's output beside the oracle's, of one kind of input:

    python3 run.py real_log|cases|users|generated path/to/weir

real_log: the access log of tests/data. cases: adversarial input, in one lane and several, in small and large batches,
and whether the comparer notices what it must. users: half a year of users who come back. generated: the traffic of `weir generate`, also with little memory for
sessions. Exit status 1 if they differ.
"""
import gc
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import cases_users
import compare
import same_runs
from outputs import Outputs

HERE = pathlib.Path(__file__).resolve().parent
CONFIG = str(HERE / 'cases.yaml')
REAL_LOG = str(HERE.parent / 'data' / 'apache_access.log.gz')
SITE_URL = 'replay.site_url=http://www.semicomplete.com'     # the site whose log it is
GENERATED = ('--events', '50000', '--sessions', '400', '--partitions', '3', '--seed', '7', '--start',
             '2024-03-10T02:00:00Z', '--disorder', '45000', '--duplicates', '0.02', '--late', '0.01', '--too-late', '0.002',
             '--malformed', '0.01', '--sites', '4')
CITIES, PLACES_OF_LOG = (f'geo.database={HERE.parent}/data/geo/{name}.mmdb' for name in ('GeoIP2-City-Test', 'access_log'))
LANES, BATCHES = (1, 2, 4), (1, 10_000)
# Memory for a few dozen sessions of each partition, and many commits: what is in memory is soon written, and leaves.
SPILLING = ('memory.sessions=1MiB', 'actors.max_live=20', 'commit.interval=10ms', 'node.lanes=1', 'replay.batch=100')


class Runner:
    def __init__(self, weir, scratch):
        self.weir, self.scratch, self.failed = weir, scratch, False

    def path(self, name):
        return os.path.join(self.scratch, name)

    def call(self, *command):
        begun = time.monotonic()
        status = subprocess.run(command, check=False).returncode
        if status != 0:
            sys.exit(f'{" ".join(command)}: status {status}')
        return time.monotonic() - begun

    def replay(self, name, files, sets=()):
        """A run of weir; returns its output."""
        options = [part for one in sets for part in ('--set', one)]
        seconds = self.call(self.weir, 'replay', '--quiet', '--config', CONFIG, *options, '--out', self.path(name), *files)
        print(f'weir, {name}: {seconds:.1f} s', flush=True)
        return Outputs(self.path(name))

    def oracle(self, name, files, sets=()):
        options = [part for one in sets for part in ('--set', one)]
        seconds = self.call(sys.executable, str(HERE / 'oracle.py'), '--config', CONFIG, *options, '--out', self.path(name),
                            *files)
        print(f'oracle, {name}: {seconds:.1f} s', flush=True)
        return Outputs(self.path(name))

    def judge(self, what, diffs):
        print(f'{what}: {diffs.report(20)}', flush=True)
        self.failed |= bool(diffs.total)

    def equal_oracle(self, name, files, sets=()):
        ours, theirs = self.replay(name, files, sets), self.oracle(name + '_oracle', files, sets)
        self.judge(f'{name} beside the oracle', compare.compare(ours, theirs))
        return ours


def real_log(run):
    run.equal_oracle('real_log', [REAL_LOG])
    run.equal_oracle('real_log_with_urls', [REAL_LOG], [SITE_URL, PLACES_OF_LOG])


def cases(run):
    files = [run.path(f'cases{n}.ndjson') for n in range(2)]
    run.call(sys.executable, str(HERE / 'cases.py'), '--out', *files, '--seed', '1', '--events', '12000')
    first = run.equal_oracle('cases', files, [CITIES])
    for lanes in LANES:
        for batch in BATCHES:
            name = f'lanes_{lanes}_batch_{batch}'
            run.judge(f'{name} beside the first run', same_runs.compare(
                run.replay(name, files, [CITIES, f'node.lanes={lanes}', f'replay.batch={batch}']), first))
    run.call(sys.executable, str(HERE / 'test_compare.py'), run.path('cases_oracle'))
    other_privacy(run)


def other_privacy(run):
    """Ids hashed, addresses kept, nothing masked; and addresses dropped."""
    secret, few = run.path('secret'), run.path('few.ndjson')
    pathlib.Path(secret).write_text('a secret\n', encoding='utf-8')
    run.call(sys.executable, str(HERE / 'cases.py'), '--out', few, '--seed', '2', '--events', '2000')
    run.equal_oracle('hashed_ids', [few], [f'privacy.hash_user_ids={secret}', 'privacy.ip=keep', 'privacy.mask_pii=false'])
    run.equal_oracle('dropped_addresses', [few], ['privacy.ip=drop'])


def users(run):
    """Half a year; days pass for which no one waits."""
    files = [run.path(f'users{n}.ndjson') for n in range(2)]
    run.call(sys.executable, str(HERE / 'cases_users.py'), '--out', *files, '--seed', '1')
    sets = [f'users.retention={cases_users.RETENTION}d', 'replay.now=2024-12-31T00:00:00Z']
    first = run.equal_oracle('users', files, sets)
    for lanes, batch in ((1, 20), (3, 10_000)):
        name = f'users_lanes_{lanes}_batch_{batch}'
        run.judge(f'{name} beside the first run', same_runs.compare(
            run.replay(name, files, [*sets, f'node.lanes={lanes}', f'replay.batch={batch}', *SPILLING[:3]]), first))
    run.call(sys.executable, str(HERE / 'test_compare.py'), run.path('users_oracle'), 'retention', 'journeys', 'funnels')


def generated(run):
    run.call(run.weir, 'generate', '--out', run.path('generated'), *GENERATED)
    files = sorted(str(p) for p in pathlib.Path(run.path('generated')).iterdir())
    first = run.equal_oracle('generated_replay', files)
    run.judge('most sessions spilled beside the first run',
              same_runs.compare(run.replay('spilled', files, SPILLING), first))


def main():
    parts = {part.__name__: part for part in (real_log, cases, users, generated)}
    if len(sys.argv) != 3 or sys.argv[1] not in parts:
        sys.exit(__doc__)
    gc.disable()        # millions of live objects, no cycles
    with tempfile.TemporaryDirectory(prefix='weir-oracle-') as scratch:
        run = Runner(os.path.abspath(sys.argv[2]), scratch)
        parts[sys.argv[1]](run)
    return 1 if run.failed else 0


if __name__ == '__main__':
    sys.exit(main())
