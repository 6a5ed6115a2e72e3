"""When two values are equal: quality.md, "Equal means"."""
from decimal import Decimal

from metrics import FAMILIES, ratio, traffic_health

EXACT_UNIQUES = 1024


def plain(value):
    return 0 if value is None else value


def close(weir, oracle):
    """Ratios: within 1e-9; a null is a null."""
    if weir is None or oracle is None:
        return weir is oracle
    return numeric(weir) and abs(float(weir) - float(oracle)) <= 1e-9 * max(1.0, abs(float(oracle)))


def numeric(value):
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def exact(weir, oracle):
    return numeric(weir) and Decimal(weir) == Decimal(oracle)


def unique(weir, oracle):
    if oracle < EXACT_UNIQUES:
        return exact(weir, oracle)
    return numeric(weir) and abs(weir - oracle) <= 0.04 * oracle


def percentile(weir, oracle):
    if weir is None or oracle is None:
        return weir is oracle
    return numeric(weir) and abs(float(weir) - float(oracle)) <= 0.01 * abs(float(oracle)) * (1 + 1e-9) + 1e-9


def check_metrics(family, weir, oracle, approximate):
    """Yields (metric, weir's, oracle's) of what is not equal. weir, oracle: the records' `metrics`."""
    spec = FAMILIES[family]

    def differs(names, same, expected=None):
        for name in names:
            got, want = weir.get(name, 0), oracle[name] if expected is None else expected(name)
            if not same(got, want):
                yield name, got, want

    dead = {name for side in (weir, oracle) for name in side if name.startswith('dead_letters_')}
    yield from differs((*spec.counts, *spec.decimals), exact)
    yield from differs(sorted(dead), exact, lambda name: oracle.get(name, 0))
    if approximate:
        return
    yield from differs(spec.uniques, unique)
    yield from differs(spec.ratios, close, lambda name: expected_ratio(spec, name, weir, oracle))
    yield from differs([f'{name}_p{p}' for name, percents in spec.percentiles.items() for p in percents], percentile)
    yield from differs(spec.tops, lambda got, want: got == want)
    if family == 'site':
        yield from differs(['engagement_score'], close)
        yield from differs(['returning_visitors'], exact, lambda name: returning(weir, oracle))
        yield from differs(['traffic_health'], close, lambda name: expected_health(weir, oracle))


def expected_ratio(spec, name, weir, oracle):
    """The oracle's; where it divides by an estimated unique, the quotient of weir's own figure."""
    numerator, denominator, divisor = spec.ratios[name]
    estimated = denominator in spec.uniques and oracle[denominator] >= EXACT_UNIQUES
    if estimated and weir.get(denominator):
        return ratio(oracle[numerator], weir[denominator], divisor)
    return oracle[name]


def returning(weir, oracle):
    """What is left of weir's own estimate of visitors."""
    return max(0, weir.get('unique_visitors', 0) - oracle['new_visitors'])


def expected_health(weir, oracle):
    """Of weir's own estimates, which are compared by themselves."""
    return traffic_health({**oracle, **{name: weir.get(name) for name in ('page_load_ms_p90', 'unique_visitors')},
                           'returning_visitors': returning(weir, oracle)})


def is_zero(family, metrics):
    """Whether a record need not exist."""
    spec = FAMILIES[family]
    names = [n for n in metrics if n.startswith('dead_letters_')] + [*spec.counts, *spec.decimals, *spec.uniques]
    if family == 'elements':
        names = ['clicks', 'unique_visitors']       # a page's views alone need no record
    return not any(plain(metrics.get(name)) for name in names)
