"""Windows, their roll-ups and the metrics of each record."""
from collections import Counter
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import metrics
import users
from contributions import ALL, WINDOW

HOUR, DAY = 3_600_000, 86_400_000


def merge(into, cell):
    for name, value in cell.items():
        if isinstance(value, int):
            into[name] = into.get(name, 0) + value
        elif isinstance(value, list):
            into.setdefault(name, []).extend(value)
        elif isinstance(value, Counter):
            into.setdefault(name, Counter()).update(value)
        else:
            into.setdefault(name, set()).update(value)


def utc_span(length):
    return lambda start: (start - start % length, start - start % length + length)


def local_days(name):
    """The local day of a window, by its midnights."""
    zone, known = ZoneInfo(name), {}

    def midnight(date):
        return round(datetime(date.year, date.month, date.day, tzinfo=zone).timestamp() * 1000)

    def span(start):
        date = datetime.fromtimestamp(start // 1000, timezone.utc).astimezone(zone).date()
        if date not in known:
            known[date] = (midnight(date), midnight(date + timedelta(days=1)))
        return known[date]
    return span


def granularities(site, settings):
    spans = {'5m': utc_span(WINDOW), '1h': utc_span(HOUR), '1d': utc_span(DAY)}
    zone = 'UTC' if site == ALL else settings.site(site).timezone
    if zone != 'UTC':
        spans['1dl'] = local_days(zone)
    return spans


def rolled_up(windows, span):
    """(start, end) -> key -> cell."""
    spans = {}
    for start, cells in windows.items():
        into = spans.setdefault(span(start), {})
        for key, cell in cells.items():
            merge(into.setdefault(key, {}), cell)
    return spans


def late_by_span(late, span):
    sums = Counter()
    for start, count in late.items():
        sums[span(start)] += count
    return sums


def percentile(values, percent):
    """The value at rank floor(q (n - 1)) of the sorted values; null of none."""
    return values[percent * (len(values) - 1) // 100] if values else None


def top(votes):
    return min(votes, key=lambda name: (-votes[name], name)) if votes else None


def evaluate(family, cell, target_s, money, bounds, watermark):
    spec = metrics.FAMILIES[family]
    made = {name: cell.get(name, 0) for name in spec.counts}
    made.update({name: money(cell.get(name, 0), units) for name, units in spec.decimals.items()})
    made.update({name: len(cell.get(name, ())) for name in spec.uniques})
    for name, (numerator, denominator, divisor) in spec.ratios.items():
        n, d = (value_of(cell, part, spec) for part in (numerator, denominator))
        made[name] = metrics.ratio(n, d, divisor)
    for name, percents in spec.percentiles.items():
        values = sorted(cell.get(name, ()))
        made.update({f'{name}_p{p}': percentile(values, p) for p in percents})
    made.update({name: top(cell.get(votes)) for name, votes in spec.tops.items()})
    if family == 'site':
        made['engagement_score'] = metrics.engagement(made, target_s)
        made['returning_visitors'] = max(0, made['unique_visitors'] - made['new_visitors'])
        made['traffic_health'] = metrics.traffic_health(made)
    if family == 'retention':
        for name, (_, last) in users.DAYS.items():
            if watermark < bounds[1] + last * DAY:
                made[name] = None           # its days are not over
    made.update({name: count for name, count in cell.items() if name.startswith('dead_letters_')})
    return made


def value_of(cell, name, spec):
    return len(cell.get(name, ())) if name in spec.uniques else cell.get(name, 0)


def with_page_views(cells):
    """Elements: the page's views stand beside each of its elements; a page alone has no record."""
    views = {path: cell['page_views'] for (path, element), cell in cells.items() if element is None}
    for (path, element), cell in cells.items():
        if element is not None:
            cell['page_views'] = views.get(path, 0)
            yield (path, element), cell


def records(windows, settings, money, watermark):
    """(family, record) of all that was counted."""
    for (site, family), cells in windows.cells.items():
        spec, target = metrics.FAMILIES[family], settings.site(site).target_s
        for name, span in ({'1d': utc_span(DAY)} if family == 'retention' else granularities(site, settings)).items():
            late = late_by_span(windows.late[site, family], span)
            for bounds, keyed in rolled_up(cells, span).items():
                items = with_page_views(keyed) if family == 'elements' else keyed.items()
                for key, cell in items:
                    yield family, {
                        'site_id': site, 'family': family, 'granularity': name, 'window_start': bounds[0],
                        'window_end': bounds[1], 'key': dict(zip(spec.key, key)),
                        'metrics': evaluate(family, cell, target, money, bounds, watermark), 'events_final': True, 'final': True,
                        'capped': False, 'late_events': late[bounds], 'sessions_open': 0}
