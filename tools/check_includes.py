#!/usr/bin/env python3
"""The folder contract: arrows only go down, and pipeline/ knows no actors, no Kafka, no RocksDB."""
import pathlib
import re
import sys

ALLOWED = {
    'pipeline': {'pipeline'},
    'state': {'pipeline', 'state'},
    'config': {'pipeline', 'config'},
    'actors': {'pipeline', 'state', 'config', 'actors'},
    'serving': {'pipeline', 'state', 'config', 'actors', 'serving'},
    'tools': {'pipeline', 'state', 'config', 'actors', 'serving', 'tools'},
    'tests': {'pipeline', 'state', 'config', 'actors', 'serving', 'tools', 'tests'},
}
FOREIGN = {  # system headers that a folder must not know
    'pipeline': re.compile(r'<(caf|librdkafka|rocksdb|yaml-cpp|CLI)/'),
    'config': re.compile(r'<(caf|librdkafka|rocksdb|CLI)/'),
    'state': re.compile(r'<(caf|CLI|yaml-cpp)/'),
    'actors': re.compile(r'<(rocksdb|librdkafka|CLI|yaml-cpp)/'),
}


def faults(path, root):
    folder = path.relative_to(root).parts[0]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        where = f'{path.relative_to(root)}:{number}'
        own = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if own and own[1].split('/')[0] not in ALLOWED[folder]:
            yield f'{where}: {folder}/ must not include "{own[1]}"'
        if folder in FOREIGN and re.match(r'\s*#\s*include', line) and FOREIGN[folder].search(line):
            yield f'{where}: {folder}/ must not know {line.split()[-1]}'
        if path.suffix == '.hpp' and 'caf/all.hpp' in line:
            yield f'{where}: caf/all.hpp costs seconds a file; include what is used'


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    files = [p for folder in ALLOWED for suffix in ('*.hpp', '*.cpp') for p in (root / folder).rglob(suffix)]
    found = [f for p in sorted(files) for f in faults(p, root)]
    print(*found, sep='\n', end='\n' if found else '')
    print(f'includes: {len(files)} files, {len(found)} breaches')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
