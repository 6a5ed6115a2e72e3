"""Gold: record by record, by key."""
from collections import defaultdict

from differences import MISSING
from metrics import FAMILIES
from tolerances import check_metrics, exact, is_zero

HEAD = ('family', 'window_end', 'events_final', 'final', 'sessions_open')


def compare_family(diffs, family, weir, oracle):
    diffs.compared[f'{family} records'] += len(oracle)
    capped = {group(key) for key, record in weir.items() if record.get('capped')}
    for key, record in weir.items():
        if key not in oracle and group(key) not in capped and not is_zero(family, record['metrics']):
            diffs.add(f'{family}: too many', where(key), record['metrics'], MISSING)
    for key, want in oracle.items():
        if group(key) in capped:
            continue
        got = weir.get(key)
        if got is not None:
            compare_record(diffs, family, key, got, want)
        elif not is_zero(family, want['metrics']):
            diffs.add(f'{family}: missing', where(key), MISSING, want['metrics'])
    compare_capped(diffs, family, capped, weir, oracle)


def group(key):
    return key[:3]


def where(key):
    site, granularity, start, parts = key
    return f'{site} {granularity} {start} ' + ' '.join(f'{name}={value!r}' for name, value in parts)


def compare_record(diffs, family, key, got, want):
    for name in HEAD:
        diffs.check(got.get(name) == want[name], f'{family} {name}', where(key), got.get(name), want[name])
    late, expected = got.get('late_events', 0), want['late_events']
    diffs.check(late == expected, f'{family} late_events', where(key), late, expected)
    for name, weir, oracle in check_metrics(family, got['metrics'], want['metrics'], got.get('approximate', False)):
        diffs.add(f'{family} {name}', where(key), weir, oracle)


def compare_capped(diffs, family, capped, weir, oracle):
    """Where keys beyond the cap went to `(other)` only the sums over all keys can be compared."""
    names = [n for n in (*FAMILIES[family].counts, *FAMILIES[family].decimals)
             if (family, n) != ('elements', 'page_views')]
    if not capped:
        return
    ours, theirs = sums(weir, capped, names), sums(oracle, capped, names)
    for at in capped:
        for name in names:
            diffs.check(exact(ours[at][name], theirs[at][name]), f'{family} {name} (sum of capped)', at,
                        ours[at][name], theirs[at][name])


def sums(records, groups, names):
    made = defaultdict(lambda: dict.fromkeys(names, 0))
    for key, record in records.items():
        if group(key) in groups:
            for name in names:
                made[group(key)][name] += record['metrics'].get(name, 0) or 0
    return made
