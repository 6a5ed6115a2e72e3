#!/usr/bin/env python3
"""Runs what the README shows, in its order, and compares what is shown with what comes:

    python3 readme_test.py path/to/weir

Each `sh` block is run in a scratch folder in which the names that it mentions exist. What installs, clones, builds and
tests is passed over; `make demo` runs for some seconds. A block without a language behind it is its output: equal but for
times and rates, and, of the demo, numbers. Exit status 1 if a command fails or shows something else.
"""
import gzip
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PASSED_OVER = ('apt-get', 'git clone', 'make build', 'make test', 'make bench')
BLOCK = re.compile(r'^```(\w*)\n(.*?)^```$', re.M | re.S)
DEMO = re.compile(r'make demo DURATION=\d+')
DEMO_SECONDS = 12
TIMEOUT = 240           # a block's seconds


def blocks():
    """(commands, what is shown as their output) of each sh block."""
    found = [(m[1], m[2]) for m in BLOCK.finditer((ROOT / 'README.md').read_text(encoding='utf-8'))]
    for (language, text), (next_language, shown) in zip(found, [*found[1:], ('sh', '')]):
        if language == 'sh':
            yield text, shown if next_language == '' else None


def runnable(text):
    kept = [line for line in text.splitlines(keepends=True) if not line.startswith(PASSED_OVER)]
    return DEMO.sub(f'make -s -C {ROOT} demo DURATION={DEMO_SECONDS} DATA="$PWD/weir-demo"', ''.join(kept))


def plain(text):
    """Without what differs from run to run."""
    text = re.sub(r'in [\d.]+ s \(\d+ a second\)', 'in N s', text)
    return re.sub(r'"seconds":[\d.e+-]+', '"seconds":N', text)


def masked(line):
    line = re.sub(r'(top page|top source) [^,;]*', r'\1 X', line)
    return re.sub(r'\d[\d,.:-]*', 'N', line)


def same(shown, got):
    """The demo shows one line of many."""
    if 'lag ' in shown:
        return masked(shown.strip()) in {masked(line) for line in got.splitlines()}
    return plain(shown).strip() == plain(got).strip()


def furnish(folder, weir):
    for name in ('tests', 'config', 'tools'):
        (folder / name).symlink_to(ROOT / name)
    (folder / 'build').mkdir()
    (folder / 'build' / 'weir').symlink_to(weir)
    (folder / 'my.yaml').write_text('session: {timeout: 20m}\n', encoding='utf-8')
    lines = subprocess.run([weir, 'generate', '--events', '500', '--sessions', '20', '--out', '-'], check=True,
                           stdout=subprocess.PIPE).stdout
    (folder / 'monday.ndjson.gz').write_bytes(gzip.compress(lines))
    subprocess.run(['zstd', '-q', '-o', str(folder / 'tuesday.ndjson.zst')], input=lines, check=True)
    (folder / 'access.log.gz').write_bytes((ROOT / 'tests/data/apache_access.log.gz').read_bytes())


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    failed = 0
    with tempfile.TemporaryDirectory(prefix='weir-readme-') as scratch:
        folder = pathlib.Path(scratch)
        furnish(folder, os.path.abspath(sys.argv[1]))
        try:
            for text, shown in blocks():
                commands = runnable(text)
                if not commands.strip():
                    continue
                done = subprocess.run(['bash', '-e', '-o', 'pipefail', '-c', commands], cwd=folder, text=True, check=False,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT)
                fine = done.returncode == 0 and (shown is None or same(shown, done.stdout))
                print(f'{"ok" if fine else "FAILED"}: {commands.strip().splitlines()[0]}', flush=True)
                if not fine:
                    failed += 1
                    print(f'status {done.returncode}\n--- shown\n{shown}\n--- came\n{done.stdout[-3000:]}')
        finally:
            if (folder / 'cluster').exists():   # a block that failed half-way has not stopped it
                subprocess.run([ROOT / 'tools/broker/local-cluster', 'stop', folder / 'cluster'], check=False)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
