"""JSON as weir takes it. The standard parser does the common record; what it refuses, or might take too leniently,
goes through a small parser that goes from left to right and so knows which fault is met first."""
import json
import math
import re

SPACE = re.compile(r'[ \t\n\r]*')
NUMBER = re.compile(r'-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?')
PLAIN = re.compile('[^"\\\\\x00-\x1f\ud800-\udfff]*')
ESCAPES = {'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}
WORDS = {'true': True, 'false': False, 'null': None}


class Malformed(Exception):
    pass


class TooDeep(Exception):
    pass


def integer(text):
    value = int(text) if len(text) <= 20 else 1 << 65
    if not -2**63 <= value < 2**64:
        raise Malformed('integer out of range')
    return value


def fraction(text):
    value = float(text)
    if math.isinf(value):
        raise Malformed('number overflows')
    return value


def constant(_):
    raise Malformed('not JSON')


def first_wins(pairs):
    made = dict(pairs)
    if len(made) != len(pairs):
        made = dict(reversed(pairs))
    return made


DECODER = json.JSONDecoder(object_pairs_hook=first_wins, parse_int=integer, parse_float=fraction,
                           parse_constant=constant)


def parse(raw, max_depth=32):
    """The value of the bytes; raises Malformed or TooDeep, whichever is met first."""
    suspicious = raw.count(b'{') + raw.count(b'[') > max_depth or b'\\ud' in raw or b'\\uD' in raw
    if not suspicious:
        try:
            return DECODER.decode(raw.decode('utf-8'))
        except (ValueError, Malformed):
            pass
    return Parser(raw.decode('utf-8', 'surrogateescape'), max_depth).whole()


class Parser:
    """Invalid UTF-8 arrives here as lone surrogates, which no rule below takes."""

    def __init__(self, text, max_depth):
        self.text, self.at, self.max_depth = text, 0, max_depth

    def whole(self):
        value = self.value(0)
        self.space()
        if self.at != len(self.text):
            raise Malformed('trailing text')
        return value

    def space(self):
        self.at = SPACE.match(self.text, self.at).end()

    def peek(self):
        self.space()
        return self.text[self.at:self.at + 1]

    def take(self, expected):
        if self.peek() != expected:
            raise Malformed(f'expected {expected}')
        self.at += 1

    def value(self, depth):
        next_char = self.peek()
        if next_char in ('{', '['):
            if depth + 1 > self.max_depth:
                raise TooDeep()
            self.at += 1
            return self.object(depth + 1) if next_char == '{' else self.array(depth + 1)
        if next_char == '"':
            return self.string()
        return self.scalar()

    def scalar(self):
        for word, value in WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        found = NUMBER.match(self.text, self.at)
        if not found:
            raise Malformed('no value')
        self.at = found.end()
        return fraction(found[0]) if found[1] or found[2] else integer(found[0])

    def object(self, depth):
        made = {}
        if self.peek() == '}':
            self.at += 1
            return made
        while True:
            if self.peek() != '"':
                raise Malformed('expected a name')
            name = self.string()
            self.take(':')
            made.setdefault(name, self.value(depth))
            if self.peek() == '}':
                self.at += 1
                return made
            self.take(',')

    def array(self, depth):
        made = []
        if self.peek() == ']':
            self.at += 1
            return made
        while True:
            made.append(self.value(depth))
            if self.peek() == ']':
                self.at += 1
                return made
            self.take(',')

    def string(self):
        self.at += 1
        parts = []
        while True:
            plain = PLAIN.match(self.text, self.at)
            parts.append(plain[0])
            self.at = plain.end()
            char = self.text[self.at:self.at + 1]
            self.at += 1
            if char == '"':
                return ''.join(parts)
            if char != '\\':
                raise Malformed('in a string')
            parts.append(self.escape())

    def escape(self):
        char = self.text[self.at:self.at + 1]
        self.at += 1
        if char in ESCAPES:
            return ESCAPES[char]
        if char != 'u':
            raise Malformed('unknown escape')
        unit = self.unit()
        if 0xd800 <= unit < 0xdc00 and self.text.startswith('\\u', self.at):
            self.at += 2
            low = self.unit()
            if 0xdc00 <= low < 0xe000:
                return chr(0x10000 + ((unit - 0xd800) << 10) + low - 0xdc00)
            raise Malformed('lone surrogate')
        if 0xd800 <= unit < 0xe000:
            raise Malformed('lone surrogate')
        return chr(unit)

    def unit(self):
        digits = self.text[self.at:self.at + 4]
        if not re.fullmatch('[0-9a-fA-F]{4}', digits):
            raise Malformed('escape')
        self.at += 4
        return int(digits, 16)
