"""What a log holds, beside the oracle's results over the input that it holds. A subclass says how a log is read."""
import collections
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'oracle'))
import compare  # noqa: E402
from metrics import FAMILIES  # noqa: E402
from outputs import Outputs  # noqa: E402

ORACLE = str(HERE.parent / 'oracle' / 'oracle.py')
TOPIC = 'topic_web_events'
CLOCK = '~clock|'        # keys of weir's own records in weir.sessions


class LogCheck:
    """`scratch`: a folder; `config`: the file that the job and the oracle run with; `source`: the topic of events."""

    def __init__(self, scratch, config):
        self.scratch, self.config, self.source = pathlib.Path(scratch), config, TOPIC

    def dump(self, topic):
        """Each committed record of a topic, in order within a partition: {partition, offset, key, value}."""
        raise NotImplementedError

    def latest(self, topic):
        """The last record of each key of a topic, as the log itself says; None where it does not."""
        return None

    def watermark(self):
        """The lowest watermark at the end, where it is not that of the input's last events."""
        return None

    def write(self, path, values):
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, 'w', encoding='utf-8', errors='surrogateescape') as file:
            file.writelines(value + '\n' for value in values)

    def inputs(self):
        """The input that the log holds, a file a partition."""
        by_partition = collections.defaultdict(list)
        for record in self.dump(self.source):
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
        sessions = [r['value'] for r in self.dump('weir.sessions')
                    if not r['key'].startswith(CLOCK) and '"moved_to":' not in r['value']]
        self.check_revisions(sessions)
        sessions.sort(key=lambda s: json.loads(s)['revision'])      # one that moved stands in two partitions
        self.write(got / 'sessions.ndjson', {json.loads(s)['session_key']: s for s in sessions}.values())
        self.write(got / 'users.ndjson', self.last_users().values())
        for family in FAMILIES:
            self.write(got / 'gold' / f'{family}.ndjson', self.last_gold(family).values())
        return Outputs(str(got))

    @staticmethod
    def check_revisions(sessions):
        """A session's revisions count 1, 2, 3, ...: none lost, none twice."""
        seen = collections.defaultdict(list)
        for session in map(json.loads, sessions):
            seen[session['session_key']].append(session['revision'])
        for key, revisions in seen.items():
            if sorted(revisions) != list(range(1, len(revisions) + 1)):
                sys.exit(f'session {key} has revisions {revisions}')
        print(f'{len(sessions)} publications of {len(seen)} sessions, each revision once', flush=True)

    def last_users(self):
        """The last record of each user; a record without a value ends it."""
        last = {record['key']: record['value'] for record in self.dump('weir.users')}
        values = {key: value for key, value in last.items() if value}
        if self.latest('weir.users') not in (None, values):
            sys.exit('the last records of users are not those of the compacted view')
        return values

    def last_gold(self, family):
        """The last gold record of each key. Revisions only grow, and the log says the same."""
        last = {}
        for record in self.dump(f'weir.gold.{family}'):
            revision = json.loads(record['value'])['revision']
            if revision < last.get(record['key'], (0, 0))[0]:
                sys.exit(f'{family} {record["key"]}: revision {revision} after {last[record["key"]][0]}')
            last[record['key']] = revision, record['value']
        values = {key: value for key, (_, value) in last.items()}
        if self.latest(f'weir.gold.{family}') not in (None, values):
            sys.exit(f'{family}: the last records are not those of the compacted view')
        return values

    def oracle(self, files):
        want = self.scratch / 'want'
        watermark = self.watermark()
        more = [] if watermark is None else ['--watermark', str(watermark)]
        subprocess.run([sys.executable, ORACLE, '--config', str(self.config), '--out', str(want), *more, *files],
                       check=True)
        return Outputs(str(want))

    def compare(self, skip=('summary', 'quality')):
        return compare.compare(self.outputs(), self.oracle(self.inputs()), skip)
