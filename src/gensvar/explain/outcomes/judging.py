"""From a scan to what is said of each term: more, less, unconfirmed, slight, no visible difference, or cannot be known yet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Final, cast

import numpy as np

from gensvar.explain.outcomes.counting import median_wait
from gensvar.explain.outcomes.found import Association, Half, Ratio, TermKind, Verdict
from gensvar.explain.outcomes.said import TONES
from gensvar.explain.outcomes.scan import SURE, Scan
from gensvar.stats.hazards import Hazards
from gensvar.stats.needed import needed, scaled
from gensvar.stats.normal import z_of

MATTERS: Final = 1.1  # the whole interval must lie beyond it, or below 1 ÷ it: with many customers a ratio of 1.02 is sure and says nothing
LOOKED_FOR: Final = 1.4  # the ratio by which “no visible difference” and “cannot be known yet” are told apart
KEPT_WORDS: Final = 100  # words and phrases that are kept beside what is reported
LEAST_SAID: Final = 10  # units who say it; of fewer nothing is kept
LARGEST_SHARE: Final = 0.7  # of LOOKED_FOR times a base rate

Checked = Callable[[Sequence[int]], Mapping[int, Ratio]]
"""Places in the scan → their ratios with strata by how much a customer writes."""


@dataclass(frozen=True, slots=True)
class Term:
    """id: as word:sv:leverans; name: language → how it is shown; language: empty where it is tested across languages. texts: with it."""

    id: str
    kind: TermKind
    name: Mapping[str, str]
    language: str = ""
    texts: int = 0


def candidates(scan: Scan) -> list[int]:
    """Places of those that would be reported: sure, and the whole interval where it matters."""
    sure = scan.tested & (scan.q < SURE)
    return [int(i) for i in np.flatnonzero(sure & _beyond(scan.whole.low, scan.whole.high))]


def judged(scan: Scan, terms: Sequence[Term], outcome: str, window: int, valued: bool, check: Checked) -> list[Association]:
    """One association for each term × tone that somebody said. Place 3 · t + tone in the scan is terms[t] in TONES[tone].

    valued: whether any unit's value is known. check is asked once, for the candidates only.
    """
    hits = candidates(scan)
    again = check(hits) if hits else {}
    said = np.flatnonzero(scan.parties > 0)
    return [_association(scan, int(at), terms[int(at) // 3], outcome, window, valued, int(at) in set(hits), again.get(int(at))) for at in said]


def kept(found: Sequence[Association]) -> tuple[tuple[Association, ...], int]:
    """Those that are shown, and how many more there were: reported first, unconfirmed, topics and themes that ten say, words by p."""
    order = {"more": 0, "less": 0, "unconfirmed": 1, "slight": 2, "none": 2, "unknown": 2}
    ranked = sorted(found, key=lambda a: (order[a.verdict], a.ratio.p if a.ratio else 1.0, -a.parties, a.term, a.tone))
    sure = [a for a in ranked if order[a.verdict] < 2 or (a.kind in {"topic", "theme"} and a.parties >= LEAST_SAID)]
    words = [a for a in ranked if order[a.verdict] == 2 and a.kind in {"word", "phrase"} and a.ratio is not None][:KEPT_WORDS]
    return (*sure, *words), len(found) - len(sure) - len(words)


def ratio_of(found: Hazards, at: int) -> Ratio | None:
    """One ratio with its interval; None where the comparator met no event."""
    values = (found.ratio[at], found.low[at], found.high[at], found.p[at])
    return Ratio(*(float(f"{v:.6g}") for v in values)) if np.isfinite(values).all() else None


def within(ratio: Ratio) -> bool:
    """Whether the whole interval lies nearer to 1 than the ratio that is looked for.

    >>> within(Ratio(1.08, 1.03, 1.12, 0.0004)), within(Ratio(1.3, 1.05, 1.6, 0.01))
    (True, False)
    """
    return ratio.low > 1 / LOOKED_FOR and ratio.high < LOOKED_FOR


def _beyond(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    return np.asarray((low > MATTERS) | (high < 1 / MATTERS))


def _association(scan: Scan, at: int, term: Term, outcome: str, window: int, valued: bool, hit: bool, again: Ratio | None) -> Association:
    tested = bool(scan.tested[at])
    ratio = ratio_of(scan.whole, at) if tested else None
    half, held = _replication(scan, at)
    made = Association(
        term=term.id, kind=term.kind, name=term.name, language=term.language, tone=TONES[at % 3], outcome=outcome, verdict="unknown",
        ratio=ratio, q=float(f"{scan.q[at]:.6g}") if tested else None, replicated=half if hit else "", held=held if hit else None, again=again,
        parties=int(scan.parties[at]), events=int(scan.whole.observed[at]), expected=round(float(scan.whole.expected[at]), 2),
        value=round(float(scan.value[at]), 2) if valued else None, window=window, median_months=median_wait(scan.waits[at].tolist()), needed=0,
    )  # fmt: skip
    verdict = _verdict(made, hit)
    return replace(made, verdict=verdict, needed=_needed(scan, at) if verdict == "unknown" else 0)


def _replication(scan: Scan, at: int) -> tuple[Half, Ratio | None]:
    one, two = bool(scan.held_first[at]), bool(scan.held_second[at])
    name = "both" if one and two else "first" if one else "second" if two else ""
    return cast("Half", name), ratio_of(scan.first if one else scan.second, at) if name else None


def _verdict(a: Association, hit: bool) -> Verdict:
    """Reported only where the ratio also stands with strata by how much a customer writes, and held in the other half.

    What is sure is never called invisible or unknown, however near to 1 it lies.
    """
    if a.ratio is None:
        return "unknown"
    if hit:
        stands = a.again is not None and (a.again.low > 1 if a.ratio.value > 1 else a.again.high < 1)
        sure: Verdict = "more" if a.ratio.value > 1 else "less"
        return sure if stands and a.replicated else "unconfirmed"
    if a.q is not None and a.q < SURE and (a.ratio.low > 1 or a.ratio.high < 1):
        return "slight"
    return "none" if within(a.ratio) else "unknown"


def _needed(scan: Scan, at: int) -> int:
    """Customers who would have to say it: as many more as the interval is too wide; where there is none, at the rate expected now, with as many to
    compare with as there are for each.
    """
    parties, low, high = int(scan.parties[at]), float(scan.whole.low[at]), float(scan.whole.high[at])
    if scan.tested[at] and low > 0:
        return max(scaled(parties, log(high / low) / (2 * z_of(0.95)), LOOKED_FOR), parties + 1)
    base = scan.whole.expected[at] / max(parties, 1)
    others = float(scan.others[at]) / max(int(scan.time[at]), 1)
    if not base > 0 or not others > 0:
        return 0
    return max(needed(min(base, LARGEST_SHARE / LOOKED_FOR), LOOKED_FOR, others), parties + 1)
