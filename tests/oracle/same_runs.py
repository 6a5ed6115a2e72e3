"""Two outputs of weir over the same input, in other lanes and batches: what must be the same in both. Final sessions and
gold, but for what the wall clock and the order of commits may decide; of records flagged `capped` or `approximate` only
sums. Where the oracle is compared within tolerances, this is to the byte."""
import compare_gold
from differences import MISSING, Differences
from metrics import FAMILIES
from tolerances import is_zero

FREE = {'revision', 'watermark'}


def bare(record):
    return {name: value for name, value in record.items() if name not in FREE}


def summed(family, record):
    """Of an approximate record: what stays exact."""
    names = (*FAMILIES[family].counts, *FAMILIES[family].decimals)
    return {name: record['metrics'].get(name, 0) for name in names}


def compare_records(diffs, label, ours, theirs):
    diffs.compared[label] += len(theirs)
    for key in sorted({*ours, *theirs}, key=str):
        got, want = ours.get(key, MISSING), theirs.get(key, MISSING)
        diffs.check(got == want, label, key, got, want)


def standing(sessions):
    """Without those merged away: whether one was published before, the closing clock decides."""
    return {key: bare(r) for key, r in sessions.items() if not r.get('withdrawn')}


def compare_family(diffs, family, ours, theirs):
    capped = {compare_gold.group(key) for side in (ours, theirs) for key, r in side.items() if r.get('capped')}
    rough = {key for side in (ours, theirs) for key, r in side.items() if r.get('approximate')}

    def whole(side):
        return {key: summed(family, r) if key in rough else bare(r) for key, r in side.items()
                if compare_gold.group(key) not in capped and not is_zero(family, r['metrics'])}

    compare_records(diffs, f'{family} records', whole(ours), whole(theirs))
    compare_gold.compare_capped(diffs, family, capped, ours, theirs)


def compare(ours, theirs):
    diffs = Differences()
    compare_records(diffs, 'sessions', standing(ours.sessions()), standing(theirs.sessions()))
    for family in FAMILIES:
        compare_family(diffs, family, ours.gold(family), theirs.gold(family))
    return diffs
