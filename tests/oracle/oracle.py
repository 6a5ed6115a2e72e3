#!/usr/bin/env python3
"""What weir must say of an input, worked out the plain way: see README.md."""
import argparse
import gc
import json
import os
import re
import sys
from collections import Counter

import access_log
import agents
import bots
import gold
import reading
import settings as configuration
import traffic
import web_events
from contributions import Windows
from events import Fault
from referrers import Directory
from session_record import Closed
from sessions import NEVER, Partition
from users import Users

ENCODER = json.JSONEncoder(separators=(',', ':'), check_circular=False)
DECIMAL = re.compile(r'"\\u0001decimal (-?[0-9.]+)"')


def decimal(value, units=10**6):
    """A number with as many digits as it has; the writer takes the mark and the quotes away."""
    whole, rest = divmod(abs(value), units)
    digits = str(rest).rjust(len(str(units)) - 1, '0').rstrip('0')
    return '\1decimal ' + '-' * (value < 0) + str(whole) + ('.' + digits if digits else '')


DEVICE = [(name, 'device' if name == 'device_type' else name) for name in agents.FIELDS]


def absent(value):
    return None if value in ('unknown', '(none)') else value


class Output:
    def __init__(self, folder):
        self.folder, self.files = folder, {}
        os.makedirs(os.path.join(folder, 'gold'), exist_ok=True)

    def write(self, name, value):
        if name not in self.files:
            self.files[name] = open(os.path.join(self.folder, name), 'w', encoding='utf-8')
        text = ENCODER.encode(value)
        self.files[name].write((DECIMAL.sub(r'\1', text) if '\\u0001' in text else text) + '\n')

    def close(self):
        for file in self.files.values():
            file.close()


class Run:
    def __init__(self, settings, output, kind, watermark=None):
        self.watermark = watermark
        self.settings, self.output, self.kind = settings, output, kind
        self.judge = traffic.Judge(settings, Directory(settings.referrers))
        self.windows = Windows(self.judge)
        self.users = Users(settings, self.windows)
        self.watermarks = []
        self.tally, self.dead_letters = Counter(), Counter()
        self.web = web_events.Reader(settings)
        self.agents = bots.Agents(settings)
        self.enricher = agents.Enricher(settings.agent_rules, settings.device_types)

    def files(self, paths):
        for name in ('sessions', 'users', 'dlq', 'late', 'events'):      # there, even if nothing is in them
            self.output.files[name + '.ndjson'] = open(
                os.path.join(self.output.folder, name + '.ndjson'), 'w', encoding='utf-8')
        for number, path in enumerate(paths):
            self.partition(number, path)
        watermark = min(self.watermarks, default=NEVER) if self.watermark is None else self.watermark
        for record in self.users.count(watermark):
            self.output.write('users.ndjson', {**record, 'revenue': decimal(record['revenue'])})
        for family, record in gold.records(self.windows, self.settings, decimal, watermark):
            self.output.write(f'gold/{family}.ndjson', record)
        self.summary()

    def partition(self, number, path):
        fold = Partition(self.settings, self.settings.topic, self.agents)
        logs = access_log.Reader(self.settings, reading.base_name(path))
        for offset, line in reading.lines(path):
            self.tally['lines'] += 1
            if line in (b'', b'\r'):
                self.tally['skipped'] += 1
                continue
            self.line(fold, logs, number, offset, line, reading.is_log(self.kind, path, line))
        if fold.highest != NEVER:
            self.watermarks.append(fold.highest - self.settings.disorder)
        self.sessions(fold, number)

    def line(self, fold, logs, number, offset, line, of_log):
        source = {'topic': self.settings.topic, 'partition': number, 'offset': offset}
        try:
            event = logs.read(line.rstrip(b'\r'), offset) if of_log else self.web.read(line)
        except Fault as fault:
            self.dead_letter(fold, source, fault)
            return
        self.tally['log_events'] += of_log
        if event is None:
            self.tally['skipped'] += 1
            return
        event.order = offset
        self.enricher.enrich(event)
        self.event(fold, source, event)

    def dead_letter(self, fold, source, fault):
        self.dead_letters[fault.reason] += 1
        self.output.write('dlq.ndjson', {'reason': fault.reason, 'field': fault.field, 'source': source})
        self.windows.record(self.settings.topic, fold.arrival, fault.reason)

    def event(self, fold, source, event):
        amended = self.tally['amended']
        outcome = fold.take(event, self.tally) or 'valid'
        self.tally['valid'] += 1
        self.tally[outcome + 's' if outcome == 'duplicate' else outcome if outcome == 'too_late' else 'kept'] += 1
        self.windows.record(self.settings.topic, fold.arrival, outcome, event, self.tally['amended'] > amended)
        if outcome == 'duplicate':
            return
        if outcome == 'too_late':
            event.late = 'dropped'
            self.output.write('late.ndjson', {'reason': 'too_late', 'event_id': event.id, 'source': source})
        else:
            self.tally['late'] += event.late
            self.windows.event(event)
        self.silver(event)

    def silver(self, event):
        self.output.write('events.ndjson', {
            'session_id': event.given_session, 'event_id': event.id, 'late': event.late, 'event_type': event.type,
            'timestamp': event.t, 'site_id': event.site, 'page_path': event.path, 'event_name': event.name,
            'quality_score': event.score / 100, 'session_key': event.session_key,
            'is_bot': event.bot, 'bot_reasons': event.bot_reasons,
            **{name: absent(getattr(event, field)) for name, field in DEVICE}, **event.written})

    def sessions(self, fold, number):
        for session in fold.sessions():
            closed = Closed(session, self.settings, self.judge)
            self.windows.session(closed, self.settings.funnels)
            if not closed.session.bot:
                self.users.take(number, closed)
            self.output.write('sessions.ndjson', closed.record(self.settings.topic, decimal))
            self.tally['sessions'] += 1
        for key, into in fold.merged.items():
            self.output.write('sessions.ndjson', {'session_key': key, 'merged_into': into})

    def summary(self):
        t = self.tally
        self.output.write('summary.json', {
            'lines': t['lines'], 'skipped': t['skipped'], 'in': t['lines'] - t['skipped'], 'valid': t['valid'],
            'dead_letters': dict(self.dead_letters), 'duplicates': t['duplicates'], 'late': t['late'],
            'too_late': t['too_late'], 'sessions': t['sessions'], 'hashed_ids': t['log_events'] > 0})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--config', required=True)
    parser.add_argument('--set', action='append', default=[], metavar='a.b=c')
    parser.add_argument('--format', choices=('web', 'access', 'auto'), default='auto')
    parser.add_argument('--watermark', type=int, help='the lowest W at the end, where more than the files moved it')
    parser.add_argument('--out', required=True)
    parser.add_argument('files', nargs='+')
    args = parser.parse_args()
    gc.disable()        # millions of live objects, no cycles: looking for some would take a third of the time
    output = Output(args.out)
    Run(configuration.load(args.config, args.set), output, args.format, args.watermark).files(args.files)
    output.close()


if __name__ == '__main__':
    sys.exit(main())
