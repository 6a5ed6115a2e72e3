"""Writes ddsketch_reference.txt: values and what DataDog's ddsketch says of them. See README.md."""
import random

from ddsketch import DDSketch

QUANTILES = [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1]


def samples(rng):
    yield "load_times_ms", [float(round(rng.lognormvariate(7, 0.8))) for _ in range(400)]
    yield "durations_ms_with_zeros", [float(max(0, round(rng.gauss(2000, 2500)))) for _ in range(300)]
    yield "wide", [10 ** rng.uniform(-3, 12) for _ in range(300)]
    yield "scroll_depth", [float(rng.randint(0, 100)) for _ in range(250)]
    yield "one", [42.0]


def main():
    rng = random.Random(20240601)
    with open("ddsketch_reference.txt", "w") as out:
        for name, values in samples(rng):
            sketch = DDSketch(relative_accuracy=0.01)
            for value in values:
                sketch.add(value)
            out.write(f"{name} {len(values)} {len(QUANTILES)}\n")
            out.write(" ".join(repr(v) for v in values) + "\n")
            for q in QUANTILES:
                out.write(f"{q} {sketch.get_quantile_value(q)!r}\n")


if __name__ == "__main__":
    main()
