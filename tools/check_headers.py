#!/usr/bin/env python3
"""Every header compiles on its own: one object a header, cached by ccache where there is one."""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

FOLDERS = ('pipeline', 'state', 'config', 'actors', 'serving', 'tools')


def compile_alone(header, root, scratch):
    unit = scratch / (str(header.relative_to(root)).replace('/', '_') + '.cpp')
    unit.write_text(f'#include "{header.relative_to(root)}"\n')
    command = ['g++', '-std=c++20', '-O0', '-I', str(root), '-Wall', '-Wextra', '-Werror', '-DWEIR_VERSION="0"',
               '-c', str(unit), '-o', str(unit) + '.o']
    if shutil.which('ccache'):
        command.insert(0, 'ccache')
    done = subprocess.run(command, capture_output=True, text=True)
    return None if done.returncode == 0 else f'{header.relative_to(root)} does not compile alone:\n{done.stderr[:2000]}'


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    headers = sorted(p for folder in FOLDERS for p in (root / folder).rglob('*.hpp'))
    scratch = root / 'build' / 'headers' if (root / 'build').is_dir() else pathlib.Path(tempfile.mkdtemp())
    scratch.mkdir(exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = [f for f in pool.map(lambda h: compile_alone(h, root, scratch), headers) if f]
    print(*faults, sep='\n', end='\n' if faults else '')
    print(f'headers: {len(headers)} compiled alone, {len(faults)} faults')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
