"""Input files as `weir replay` reads them: each a partition, one record a line, compressed or not."""
import gzip
import io
import os
import re
import sys

GZIP, ZSTD = b'\x1f\x8b', b'\x28\xb5\x2f\xfd'
LOG_NAME = re.compile(r'\.log(\.(gz|zst))?$')
LOG_LINE = re.compile(rb'[^\s{]\S* \S+ .*?\[[^\]]*\] "')


def opened(path):
    raw = sys.stdin.buffer if path == '-' else open(path, 'rb')
    file = io.BufferedReader(raw) if path != '-' else raw
    magic = file.peek(4)[:4]
    if magic.startswith(GZIP):
        return gzip.open(file)
    if magic == ZSTD:
        import zstandard
        return zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
    return file


def lines(path):
    """(offset, bytes) of every line, empty ones too."""
    with io.BufferedReader(opened(path), 1 << 20) as file:
        for offset, line in enumerate(file):
            yield offset, line[:-1] if line.endswith(b'\n') else line


def base_name(path):
    return 'stdin' if path == '-' else os.path.basename(path)


def is_log(kind, path, line):
    """Whether a line is one of an access log, under --format web|access|auto."""
    if kind != 'auto':
        return kind == 'access'
    return bool(LOG_NAME.search(base_name(path))) or bool(LOG_LINE.match(line))
