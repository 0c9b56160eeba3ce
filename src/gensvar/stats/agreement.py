"""Agreement of readers who label the same texts: Cohen's kappa for two, Krippendorff's alpha for any number, with any of them missing."""

from collections import Counter
from collections.abc import Iterable, Sequence


def kappa(pairs: Iterable[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two readers (Cohen 1960, Educ. Psychol. Meas. 20:37): 1: always, 0: as chance would. None where all is one label.

    >>> round(kappa([("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15), 3)
    0.4
    """
    both = Counter(pairs)
    n = both.total()
    first, second = Counter[str](), Counter[str]()
    for (a, b), count in both.items():
        first[a] += count
        second[b] += count
    by_chance = sum(first[label] * second[label] for label in first) / n**2 if n else 1.0
    same = sum(count for (a, b), count in both.items() if a == b)
    return None if by_chance == 1.0 else (same / n - by_chance) / (1 - by_chance)


def alpha(units: Iterable[Sequence[str]]) -> float | None:
    """Krippendorff's alpha for names without order (Krippendorff 2011, “Computing Krippendorff's Alpha-Reliability”, p. 5).

    units: the labels that each text was given; those with fewer than two say nothing. None where no two labels differ anywhere, or none are paired.
    """
    found = [Counter(unit) for unit in units if len(unit) > 1]
    n = sum(unit.total() for unit in found)
    if n < 2:
        return None
    total: Counter[str] = Counter()
    for unit in found:
        total.update(unit)
    seen = sum((unit.total() ** 2 - sum(c**2 for c in unit.values())) / (unit.total() - 1) for unit in found) / n
    expected = (n**2 - sum(count**2 for count in total.values())) / (n * (n - 1))
    return None if expected == 0 else 1 - seen / expected
