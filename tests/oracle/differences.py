"""Collects what differs, says it shortly."""
from collections import Counter, defaultdict


class Differences:
    def __init__(self):
        self.counts = Counter()
        self.shown = defaultdict(list)
        self.compared = Counter()
        self.notes = []

    def add(self, label, where, weir, oracle):
        self.counts[label] += 1
        if len(self.shown[label]) < 20:
            self.shown[label].append(f'{label} at {where}\n    weir:   {short(weir)}\n    oracle: {short(oracle)}')

    def check(self, same, label, where, weir, oracle):
        if not same:
            self.add(label, where, weir, oracle)

    @property
    def total(self):
        return sum(self.counts.values())

    def first(self, limit):
        """Of each kind in turn, so that a common difference does not hide a rare one."""
        rows = [row for n in range(20) for row in (found[n] for found in self.shown.values() if n < len(found))]
        return rows[:limit]

    def report(self, limit=20):
        lines = self.first(limit)
        lines += [f'{count:>9}  {label}' for label, count in self.counts.most_common()]
        lines += [f'note: {note}' for note in self.notes]
        compared = ', '.join(f'{count} {what}' for what, count in self.compared.items())
        lines.append(f'compared {compared}: ' + (f'{self.total} differences' if self.total else 'equal'))
        return '\n'.join(lines)


def short(value, limit=400):
    text = 'nothing' if value is MISSING else str(value)
    return text if len(text) <= limit else text[:limit] + ' ...'


MISSING = object()
