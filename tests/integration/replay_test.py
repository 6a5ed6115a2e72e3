#!/usr/bin/env python3
"""Bad input through the real binary: `python3 replay_test.py path/to/weir`. Each case says what it feeds, and which exit
status, which message and which counts it expects; of every run that could write a summary, every line is accounted for.
"""
import gzip
import io
import json
import os
import pathlib
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

WEIR = 'weir'
NOW = 'replay.now=2024-03-11T12:00:00Z'
FILES = ('events.ndjson', 'sessions.ndjson', 'users.ndjson', 'dlq.ndjson', 'late.ndjson')
FREE = ('revision', 'watermark', 'received_at', 'source')
MINUTE = 60_000
BEGIN = 1_710_000_000_000


def event(n, t=None, **more):
    return json.dumps({'event_id': f'e{n}', 'event_type': 'page_view', 'timestamp': BEGIN + n * 1000 if t is None else t,
                       'session_id': f's{n % 7}', 'visitor_id': f'v{n % 5}',
                       'page_url': f'https://shop.example/p/{n % 11}', **more}).encode()


def lines(count):
    return b''.join(event(n) + b'\n' for n in range(count))


def zstd(data):
    return subprocess.run(['zstd', '-q', '-c'], input=data, capture_output=True, check=True).stdout


class ReplayTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix='weir-replay-')))
        self.runs = 0

    def write(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def replay(self, *files, status, says='', options=(), stdin=b'', out=None):
        """Runs it, checks status, message and accounts; returns the summary, if one can be."""
        self.runs += 1
        self.out = pathlib.Path(out or self.folder / f'out{self.runs}')
        done = subprocess.run([WEIR, 'replay', '--set', NOW, *options, '--out', str(self.out), *files], input=stdin,
                              capture_output=True, timeout=120, check=False)
        error = done.stderr.decode()
        self.assertEqual(done.returncode, status, error)
        self.assertIn(says, error)
        self.assertFalse((self.out / '.work').exists(), 'work folder is left behind')
        summary = self.out / 'summary.json'
        return self.accounted(json.loads(summary.read_text())) if summary.exists() else None

    def accounted(self, summary):
        dead = sum(summary['dead_letters'].values())
        self.assertEqual(summary['lines'], summary['skipped'] + summary['in'], summary)
        self.assertEqual(summary['in'], summary['valid'] + dead, summary)
        self.assertEqual(len(self.output('dlq.ndjson')), dead)
        self.assertEqual(len(self.output('events.ndjson')), summary['valid'] - summary['duplicates'])
        self.assertEqual(len(self.output('late.ndjson')), summary['too_late'])
        return summary

    def output(self, name):
        """The records of one file, without what differs from run to run, sorted."""
        with open(self.out / name, encoding='utf-8') as file:
            records = [json.loads(line) for line in file]
        return sorted(json.dumps({k: v for k, v in r.items() if k not in FREE}, sort_keys=True) for r in records)

    def outputs(self):
        gold = sorted(p.name for p in (self.out / 'gold').iterdir())
        return {name: self.output(name) for name in (*FILES, *(f'gold/{name}' for name in gold))}

    def test_good_input_is_done(self):
        summary = self.replay(self.write('a.ndjson', lines(100)), status=0)
        self.assertEqual((summary['lines'], summary['valid'], summary['sessions']), (100, 100, 7))

    def test_plain_gzip_zstd_and_stdin_give_the_same(self):
        data = lines(5000) + b'\nno json\n' + event(5001)
        self.replay(self.write('plain.ndjson', data), status=0)
        want = self.outputs()
        cut = len(data) // 3
        packed = {'a.gz': gzip.compress(data), 'two.gz': gzip.compress(data[:cut]) + gzip.compress(data[cut:]),
                  'a.zst': zstd(data), 'two.zst': zstd(data[:cut]) + zstd(data[cut:]), 'named_otherwise': zstd(data)}
        for name, content in packed.items():
            with self.subTest(name):
                summary = self.replay(self.write(name, content), status=0)
                self.assertEqual(summary['lines'], 5003)
                self.assertEqual(self.outputs(), want)
        for content in (data, *packed.values()):
            self.replay('-', stdin=content, status=0)
            self.assertEqual(self.outputs(), want)

    def test_families_that_are_not_asked_for_cost_the_others_nothing(self):
        file = self.write('a.ndjson', lines(2000))
        self.replay(file, status=0)
        want = self.outputs()
        self.replay(file, status=0, options=('--set', 'kpi.families=[site, pages]'))
        got = self.outputs()
        self.assertTrue(want['gold/devices.ndjson'])
        for name, records in got.items():
            kept = not name.startswith('gold/') or name in ('gold/site.ndjson', 'gold/pages.ndjson')
            self.assertEqual(records, want[name] if kept else [], name)

    def test_without_a_commit_interval_the_end_of_input_commits(self):
        file = self.write('a.ndjson', lines(100))
        for lanes in (1, 3):
            with self.subTest(lanes=lanes):
                options = ('--set', 'commit.interval=off', '--set', f'node.lanes={lanes}')
                self.assertEqual(self.replay(file, status=0, options=options)['valid'], 100)

    def test_what_unpacks_to_much_more_is_read_to_its_end(self):
        data = event(0) + b'\n' + b'\n' * 3_000_000 + event(1) + b'\n'
        for name, content in (('a.gz', gzip.compress(data)), ('a.zst', zstd(data))):
            with self.subTest(name):
                summary = self.replay(self.write(name, content), status=0)
                self.assertEqual((summary['lines'], summary['valid']), (3_000_002, 2))

    def test_a_binary_file_is_dead_letters(self):
        data = random.Random(1).randbytes(300_000)
        summary = self.replay(self.write('binary', data), status=3, says='valid')
        self.assertEqual(summary['lines'], data.count(b'\n') + (not data.endswith(b'\n')))
        self.assertEqual(summary['valid'], 0)

    def test_nul_bytes_are_a_dead_letter(self):
        summary = self.replay(self.write('zeros', b'\0' * 100_000), status=3)
        self.assertEqual((summary['lines'], summary['dead_letters']), (1, {'malformed_json': 1}))

    def test_a_truncated_file_counts_what_was_read(self):
        noise = random.Random(2)
        data = b''.join(event(n, page_title=noise.randbytes(40).hex()) + b'\n' for n in range(20_000))
        for name, content in (('cut.gz', gzip.compress(data)), ('cut.zst', zstd(data))):
            with self.subTest(name):
                path = self.write(name, content[:len(content) // 2])
                summary = self.replay(path, status=1, says=path)
                self.assertGreater(summary['valid'], 1000)
                self.assertLess(summary['lines'], 20_000)

    def test_a_file_of_a_magic_number_alone_is_truncated(self):
        for name, content in (('gz', b'\x1f\x8b'), ('gz3', b'\x1f\x8b\x08'), ('zst', b'\x28\xb5\x2f\xfd')):
            with self.subTest(name):
                path = self.write(name, content)
                self.replay(path, status=1, says=path)

    def test_a_broken_file_counts_what_was_read(self):
        noise = random.Random(3)
        data = b''.join(event(n, page_title=noise.randbytes(40).hex()) + b'\n' for n in range(20_000))
        for name, content in (('broken.gz', gzip.compress(data)), ('broken.zst', zstd(data))):
            with self.subTest(name):
                middle = len(content) // 2
                path = self.write(name, content[:middle] + noise.randbytes(5000) + content[middle + 5000:])
                summary = self.replay(path, status=1, says=path)
                self.assertLessEqual(summary['lines'], 20_001)

    def test_the_other_files_are_read_when_one_fails(self):
        good, missing = self.write('good.ndjson', lines(50)), str(self.folder / 'missing')
        summary = self.replay(missing, good, str(self.folder), status=1, says=f'cannot open {missing}')
        self.assertEqual(summary['valid'], 50)
        self.assertTrue(all('"partition": 1' in r or 'partition' not in r for r in self.output('events.ndjson')))

    def test_a_line_of_two_mebibytes_is_oversize(self):
        long = event(0, page_title='x' * (2 << 20))
        for name, data, count in (('within', event(1) + b'\n' + long + b'\n' + event(2) + b'\n', 3),
                                  ('last', event(1) + b'\n' + event(2) + b'\n' + long, 3)):
            with self.subTest(name):
                summary = self.replay(self.write(name, data), status=0)
                self.assertEqual((summary['lines'], summary['valid']), (count, 2))
                self.assertEqual(summary['dead_letters'], {'oversize': 1})

    def test_a_line_of_the_largest_size_is_valid(self):
        bare = len(event(0, page_title=''))
        data = event(0, page_title='x' * ((1 << 20) - bare))
        self.assertEqual(self.replay(self.write('a', data + b'\r\n'), status=0)['valid'], 1)
        summary = self.replay(self.write('b', data + b' \n' + event(1) + b'\n'), status=0)
        self.assertEqual(summary['dead_letters'], {'oversize': 1})

    def test_an_empty_file_is_done(self):
        for name, data, count in (('empty', b'', 0), ('blank', b'\n\r\n\n', 3), ('empty.gz', gzip.compress(b''), 0),
                                  ('empty.zst', zstd(b''), 0)):
            with self.subTest(name):
                summary = self.replay(self.write(name, data), status=0)
                self.assertEqual((summary['lines'], summary['skipped'], summary['in']), (count, count, 0))

    def test_a_missing_file_and_a_directory_are_told(self):
        missing = str(self.folder / 'missing.ndjson')
        self.replay(missing, status=1, says=f'cannot open {missing}: No such file')
        self.replay(str(self.folder), status=1, says='it is a directory')

    def test_an_output_that_cannot_be_written_is_told(self):
        data = self.write('a.ndjson', lines(10))
        below = str(self.folder / 'a.ndjson' / 'out')
        self.assertIsNone(self.replay(data, status=1, says=below, out=below))
        self.assertIsNone(self.replay(data, status=1, says=data, out=data))

    def limited(self, *files, out, size, **more):
        """A run none of whose files may grow beyond `size` bytes, as if the disk were full then."""
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        return subprocess.run([WEIR, 'replay', '--set', NOW, '--out', str(out), *files], capture_output=True, timeout=120,
                              check=False, preexec_fn=limit, restore_signals=False, **more)

    def test_a_disk_that_is_full_is_told(self):
        data = self.write('a.ndjson', lines(20_000))
        for size, name in ((400_000, 'events.ndjson'), (7_000, '.ndjson')):
            with self.subTest(size=size):
                self.out = self.folder / f'full{size}'
                self.full(self.limited(data, out=self.out, size=size), name)

    def full(self, done, name):
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(str(self.out), done.stderr.decode())
        self.assertIn(f'{name}: File too large', done.stderr.decode())
        self.assertFalse((self.out / '.work').exists())
        summary = json.loads((self.out / 'summary.json').read_text())
        self.assertEqual(summary['lines'], summary['skipped'] + summary['in'])
        self.assertEqual(summary['in'], summary['valid'] + sum(summary['dead_letters'].values()))

    def test_a_state_that_cannot_be_written_is_told(self):
        """RocksDB's log was one file that a full disk made it abort over."""
        self.out = self.folder / 'none'
        done = self.limited(self.write('a.ndjson', lines(10)), out=self.out, size=0)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertFalse((self.out / '.work').exists())

    def test_a_place_that_cannot_be_taken_is_told(self):
        data = self.write('a.ndjson', lines(100))
        for name in ('events.ndjson', 'gold/pages.ndjson', 'summary.json'):
            with self.subTest(name):
                out = self.folder / ('taken_' + name.replace('/', '_'))
                (out / name / 'something').mkdir(parents=True)
                done = subprocess.run([WEIR, 'replay', '--set', NOW, '--out', str(out), data], capture_output=True,
                                      timeout=120, check=False)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(str(out / name), done.stderr.decode())
                self.assertFalse((out / '.work').exists())
                self.assertFalse((out / 'summary.json').is_file())

    def test_a_summary_that_nobody_can_read_is_told(self):
        with open('/dev/full', 'wb') as full:
            done = subprocess.run([WEIR, 'replay', '--set', NOW, '--out', str(self.folder / 'out'),
                                   self.write('a.ndjson', lines(10))], stdout=full, stderr=subprocess.PIPE, timeout=120,
                                  check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn('cannot write to standard output', done.stderr.decode())

    def test_an_input_that_would_be_replaced_is_refused(self):
        data = lines(50)
        out = self.folder / 'out'
        (out / 'gold').mkdir(parents=True)
        ways = []
        for name in ('events.ndjson', 'gold/pages.ndjson', 'summary.json'):
            (out / name).write_bytes(data)
            ways.append(str(out / name))
        (self.folder / 'soft').symlink_to(out / 'events.ndjson')
        (self.folder / 'hard').hardlink_to(out / 'events.ndjson')
        for way in (*ways, str(self.folder / 'soft'), str(self.folder / 'hard')):
            with self.subTest(way):
                self.refused(data, out, f'{way} is an input', self.write('good', data), way)
        with open(out / 'events.ndjson', 'rb') as file:
            self.refused(data, out, 'standard input is an input', '-', stdin=file)

    def refused(self, data, out, says, *files, **more):
        before = sorted(out.rglob('*'))
        done = subprocess.run([WEIR, 'replay', '--set', NOW, '--out', str(out), *files], capture_output=True, timeout=120,
                              check=False, **more)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(says, done.stderr.decode())
        self.assertEqual(sorted(out.rglob('*')), before)
        self.assertEqual((out / 'events.ndjson').read_bytes(), data)

    def test_an_input_beside_the_outputs_is_read(self):
        out = self.folder / 'out'
        out.mkdir()
        self.replay(self.write('out/monday.ndjson', lines(50)), status=0, out=out)
        self.assertEqual((out / 'monday.ndjson').read_bytes(), lines(50))

    def earlier(self):
        """A folder with a result, and its files' contents."""
        self.replay(self.write('earlier.ndjson', lines(50)), status=0, out=self.folder / 'out')
        return self.folder / 'out', self.contents(self.folder / 'out')

    def contents(self, folder):
        return {p: p.read_bytes() for p in sorted(folder.rglob('*')) if p.is_file()}

    def test_without_an_input_nothing_is_touched(self):
        out, before = self.earlier()
        self.replay(str(self.folder / 'mising'), str(self.folder), status=1, says='cannot open', out=out)
        self.assertEqual(self.contents(out), before)
        self.replay(str(self.folder / 'mising'), status=1, out=self.folder / 'none')
        self.assertFalse((self.folder / 'none').exists())

    def test_an_empty_name_of_a_folder_is_refused(self):
        done = subprocess.run([WEIR, 'replay', '--set', NOW, '--out', '', self.write('a.ndjson', lines(10))], cwd=self.folder,
                              capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual([p.name for p in self.folder.iterdir()], ['a.ndjson'])

    def begin(self, out):
        """A run that has begun, and waits for more on standard input."""
        run = subprocess.Popen([WEIR, 'replay', '--set', NOW, '--out', str(out), '--format', 'web', '-',
                                self.write('a.ndjson', lines(1000))],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        run.stdin.write(lines(4000))
        run.stdin.flush()
        for _ in range(2000):
            if (out / '.work' / 'out' / 'gold').exists():
                return run
            time.sleep(0.01)
        self.fail('it does not begin')

    def test_a_run_that_is_stopped_leaves_what_was_there(self):
        out, before = self.earlier()
        for sign in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(sign):
                run = self.begin(out)
                run.send_signal(sign)
                error = run.communicate(timeout=60)[1].decode()
                self.assertEqual(run.returncode, 130, error)
                self.assertIn('stopped', error)
                self.assertEqual(self.contents(out), before)
                self.assertFalse((out / '.work').exists())

    def test_a_run_that_is_killed_leaves_what_was_there(self):
        out, before = self.earlier()
        run = self.begin(out)
        run.kill()
        run.communicate(timeout=60)
        self.assertEqual({p: c for p, c in self.contents(out).items() if '.work' not in p.parts}, before)
        self.replay(self.write('a.ndjson', lines(70)), status=0, out=out)
        self.assertEqual(len(self.output('events.ndjson')), 70)

    def test_a_folder_in_use_is_refused(self):
        out, before = self.earlier()
        run = self.begin(out)
        self.out = out
        done = subprocess.run([WEIR, 'replay', '--set', NOW, '--out', str(out), self.write('b.ndjson', lines(70))],
                              capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(f'{out} is in use by another process', done.stderr.decode())
        self.assertEqual({p: c for p, c in self.contents(out).items() if '.work' not in p.parts}, before)
        self.assertEqual((run.communicate(timeout=60), run.returncode)[1], 0)
        self.assertEqual(len(self.output('events.ndjson')), 5000)

    def test_lanes_that_end_tell_of_no_recovery(self):
        files = [self.write(f'{n}.ndjson', lines(30)) for n in range(4)]
        for _ in range(10):
            done = subprocess.run([WEIR, 'replay', '--set', NOW, '--set', 'node.lanes=4', '--out', str(self.folder / 'out'),
                                   *files], capture_output=True, timeout=120, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, b''))

    def test_a_session_in_two_files_is_two(self):
        file = self.write('a.ndjson', lines(70))
        again = self.write('b.ndjson', lines(70).replace(b'"e', b'"f').replace(b'"fvent', b'"event'))
        summary = self.replay(file, again, status=0, options=['--set', 'node.lanes=1'])
        self.assertEqual((summary['valid'], summary['sessions']), (140, 14))
        self.assertEqual(len(self.output('sessions.ndjson')), 14)
        days = [json.loads(r) for r in self.output('gold/site.ndjson')]
        self.assertEqual(sum(r['metrics']['sessions_closed'] for r in days if r['granularity'] == '1d'), 14)

    def test_a_source_that_is_not_keyed_by_session_is_rekeyed(self):
        generated = subprocess.run([WEIR, 'generate', '--events', '4000', '--sessions', '150', '--malformed', '0.01'],
                                   capture_output=True, check=True).stdout.splitlines(keepends=True)
        parts = [self.folder / f'part{i}.ndjson' for i in range(3)]
        for i, part in enumerate(parts):
            part.write_bytes(b''.join(generated[i::3]))            # a session's records in all three
        whole = self.folder / 'whole.ndjson'
        whole.write_bytes(b''.join(generated))
        fields = ('session_id', 'started_at', 'ended_at', 'events', 'page_views', 'clicks', 'pages', 'source', 'is_bounce')

        def sessions(*arguments):
            out = self.folder / 'rekeyed'
            subprocess.run([WEIR, 'replay', '--quiet', '--out', str(out), *map(str, arguments)], check=True, timeout=120)
            last = {}
            for line in (out / 'sessions.ndjson').read_text(encoding='utf-8').splitlines():
                record = json.loads(line)
                last[record['session_key']] = record
            summary = json.loads((out / 'summary.json').read_text(encoding='utf-8'))
            content = sorted(json.dumps([r[f] for f in fields]) for r in last.values() if not r.get('merged_into'))
            return content, {name: summary[name] for name in ('in', 'valid', 'duplicates', 'dead_letters')}

        expected = sessions(whole)
        self.assertEqual(sessions('--set', 'sources.web.keyed_by_session=false', *parts), expected)
        self.assertNotEqual(sessions(*parts), expected)

    def test_strict_refuses_a_file_in_disorder(self):
        data = b''.join(event(n, BEGIN + (0 if n % 10 else n * 10) * MINUTE) + b'\n' for n in range(200))
        path = self.write('disordered.ndjson', data)
        self.assertGreater(self.replay(path, status=0, says='too late')['too_late'], 2)
        self.replay(path, status=3, says='too late', options=['--strict'])
        self.replay(self.write('ordered.ndjson', lines(100)), status=0, options=['--strict'])

    def test_nothing_valid_is_told(self):
        self.replay(self.write('bad.ndjson', b'{}\n[]\n'), status=3, says='not one of 2 records is valid')

    def test_configuration_that_is_wrong_is_told(self):
        data = self.write('a.ndjson', lines(10))
        config = self.write('weir.yaml', b'session:\n  timeuot: 30m\n')
        self.replay(data, status=2, says='did you mean session.timeout', options=['--config', config])
        self.assertFalse(self.out.exists())
        self.replay(data, status=2, says='kpi.shards', options=['--set', 'kpi.shard=3'])
        self.replay(data, status=2, says='replay.batch', options=['--set', 'replay.batch=many'])
        self.replay(data, status=2, options=['--format', 'csv'])
        self.replay(data, status=2, says='nowhere.yaml', options=['--config', str(self.folder / 'nowhere.yaml')])
        self.replay(data, status=2, says='lists', options=['--set', 'lists.referrers=' + str(self.folder / 'nowhere')])

    def test_an_access_log_is_known_by_its_lines(self):
        line = b'10.0.0.1 - - [10/Mar/2024:10:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"\n'
        css = line.replace(b'/a ', b'/a.css ')
        summary = self.replay(self.write('requests.txt', line + css + b'rubbish\n'), status=0)
        self.assertEqual((summary['lines'], summary['skipped'], summary['valid']), (3, 1, 1))
        self.assertEqual(summary['dead_letters'], {'malformed_log': 1})

    def test_a_name_decides_only_when_the_content_does_not(self):
        access = b'10.0.0.1 - - [10/Mar/2024:10:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"\n'
        for name, data, valid in (('events.log', lines(5), 5), ('blank.log', b'\n\r\n' + lines(5), 5),
                                  ('blank.txt', b'\n\n' + access, 1), ('events.ndjson', access, 1),
                                  ('rubbish.log', b'rubbish\n' + access, 1), ('rubbish.txt', b'rubbish\n' + lines(2), 2)):
            with self.subTest(name):
                self.assertEqual(self.replay(self.write(name, data), status=0)['valid'], valid)

    def test_a_byte_order_mark_is_passed_over(self):
        access = b'10.0.0.1 - - [10/Mar/2024:10:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"\n'
        for name, data, valid in (('a.ndjson', lines(5), 5), ('b.txt', access, 1), ('none', b'', 0)):
            for packed, content in (('', b'\xef\xbb\xbf' + data), ('.gz', gzip.compress(b'\xef\xbb\xbf' + data)),
                                    ('.zst', zstd(b'\xef\xbb\xbf' + data))):
                with self.subTest(name + packed):
                    summary = self.replay(self.write(name + packed, content), status=0)
                    self.assertEqual((summary['lines'], summary['valid']), (valid, valid))

    def test_a_line_of_a_virtual_host_is_read_without_it(self):
        line = b'10.0.0.1 - - [10/Mar/2024:10:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"\n'
        self.replay(self.write('a.txt', line), status=0)
        want = json.loads(self.output('events.ndjson')[0])
        self.replay(self.write('b.txt', b'shop.example:443 ' + line), status=0)
        got = json.loads(self.output('events.ndjson')[0])
        self.assertEqual((got['session_id'], got['visitor_id']), (want['session_id'], want['visitor_id']))

    def test_generated_traffic_is_the_same_again(self):
        made = [subprocess.run([WEIR, 'generate', '--events', '500', '--seed', '3'], capture_output=True, check=True).stdout
                for _ in range(2)]
        self.assertEqual(made[0], made[1])
        self.assertEqual(made[0].count(b'\n'), 500)
        done = subprocess.run([WEIR, 'generate', '--events', '10', '--late', '2'], capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)


def main():
    global WEIR
    WEIR = os.path.abspath(sys.argv.pop(1))
    report = io.StringIO()
    result = unittest.main(exit=False, testRunner=unittest.TextTestRunner(report, verbosity=2)).result
    print(report.getvalue())
    return 0 if result.wasSuccessful() else 1


if __name__ == '__main__':
    sys.exit(main())
