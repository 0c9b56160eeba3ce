"""The metric registry. Each entry is data: what it reads, unit, least n, the smallest change that matters, laws, sentence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from gensvar.contracts.measures import BIN_COUNT, Measure
from gensvar.kit.errors import ContractError, nearest
from gensvar.kit.language import phrase
from gensvar.measure.answer import Estimate, TooFew
from gensvar.measure.histogram import Histogram
from gensvar.stats import Balance, Difference, Mean, Scale, Share

Sample = Share | Balance | Mean
Unit = Literal["share", "points", "scale"]
Parts = Mapping[str, float]
ALL_LAWS = frozenset({"additive", "order_free", "bounded", "weightless"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One way to turn scores into a number.

    unit: share (0…1), points (−100…100) or scale (the measure's own). least: below this a 95 % interval spans about a third of the unit's range.
    matters: the smallest change worth acting on, as a part of that range. scale: the only low, high, step it can stand on; None for any.
    better: the only direction it can have; None for any. stepped: needs a histogram column for each point of the scale.
    """

    name: str
    title: str
    unit: Unit
    least: int
    read: Callable[[Histogram, Measure], Sample]
    parts: Callable[[Histogram, Measure], Parts]
    says: str
    matters: float = 0.05
    scale: tuple[float, float, float] | None = None
    better: str | None = "up"
    stepped: bool = True
    laws: frozenset[str] = ALL_LAWS

    def faults(self, measure: Measure) -> Iterator[str]:
        """Why this metric cannot be read from that measure."""
        if self.scale is not None and (measure.low, measure.high, measure.step) != self.scale:
            yield f"{self.name} stands on {span(*self.scale)}, not {span(measure.low, measure.high, measure.step)}"
        if self.stepped and not measure.exact:
            yield f"{self.name} needs a scale of at most {BIN_COUNT} points; this one has {measure.points}"
        if self.better is not None and measure.better != self.better:
            yield f"better {measure.better!r}: for {self.name} it is {self.better!r}"

    def range(self, measure: Measure) -> tuple[float, float]:
        """The least and greatest value it can have."""
        ends = {"share": (0.0, 1.0), "points": (-100.0, 100.0), "scale": (measure.low, measure.high)}
        return ends[self.unit]

    def change_that_matters(self, measure: Measure) -> float:
        """In its unit."""
        low, high = self.range(measure)
        return self.matters * (high - low)

    def verdict(self, seen: Histogram, measure: Measure) -> Estimate | TooFew:
        """The number with its 95 % interval, or that there are too few answers."""
        if seen.n < self.least:
            return TooFew(seen.n, self.least)
        found = self.read(seen, measure).interval()
        return Estimate(found.value, found.low, found.high, seen.n)


def span(low: float, high: float, step: float) -> str:
    return f"{low:g}…{high:g} in steps of {step:g}"


def share_from_cut(seen: Histogram, measure: Measure) -> Share:
    """Answers at the cut or above; without a cut, the two highest points of the scale."""
    cut = measure.high - measure.step if measure.cut is None else measure.cut
    return Share(sum(seen.bins[place_of(cut, measure) :]), seen.n)


def share_of_top(seen: Histogram, measure: Measure) -> Share:
    """Answers at the top of the scale, or at the cut or above."""
    cut = measure.high if measure.cut is None else measure.cut
    return Share(sum(seen.bins[place_of(cut, measure) :]), seen.n)


def share_who_agree(seen: Histogram, measure: Measure) -> Share:
    """Answers 5, 6 and 7 of 7, or at the cut or above. Source: CES 2.0, “at least somewhat agree”."""
    cut = 5.0 if measure.cut is None else measure.cut
    return Share(sum(seen.bins[place_of(cut, measure) :]), seen.n)


def place_of(cut: float, measure: Measure) -> int:
    """The first histogram column at the cut or above."""
    return -int(-((cut - measure.low) / measure.step) // 1)


def promoters_minus_detractors(seen: Histogram, _: Measure) -> Balance:
    """9–10 less 0–6. Source: Reichheld 2003."""
    return Balance(sum(seen.bins[:7]), sum(seen.bins[7:9]), sum(seen.bins[9:]))


def mean_score(seen: Histogram, measure: Measure) -> Mean:
    """The mean of the raw scores."""
    return Mean(seen.n, seen.total, seen.squares, Scale(measure.low, measure.high, measure.step))


def three(*names: str) -> Callable[[Histogram, Measure], Parts]:
    """Shares of three groups of the histogram, named from the low end: the steps 0–6, 7–8, 9–10 of eleven, or each of three."""

    def parts(seen: Histogram, measure: Measure) -> Parts:
        edges = (0, 7, 9, 11) if measure.points == BIN_COUNT else (0, 1, 2, 3)
        return {name: sum(seen.bins[a:b]) / seen.n for name, a, b in zip(names, edges, edges[1:], strict=False)}

    return parts


def each_score(seen: Histogram, measure: Measure) -> Parts:
    """The share of each point of the scale; empty where the scale has more points than the histogram columns."""
    if not measure.exact:
        return {}
    return {f"{measure.low + i * measure.step:g}": seen.bins[i] / seen.n for i in range(measure.points)}


NPS_PARTS = three("detractors", "passives", "promoters")
REGISTRY = (
    Metric(
        name="nps", title="Net Promoter Score", unit="points", least=30, read=promoters_minus_detractors, parts=NPS_PARTS,
        scale=(0, 10, 1), says=phrase("share who would recommend (9–10) less share who would not (0–6)"),
    ),
    Metric(
        name="enps", title="Employee Net Promoter Score", unit="points", least=30, read=promoters_minus_detractors, parts=NPS_PARTS,
        scale=(0, 10, 1), says=phrase("share of employees who would recommend (9–10) less share who would not (0–6)"),
    ),
    Metric(
        name="csat", title="Customer satisfaction", unit="share", least=30, read=share_from_cut, parts=each_score,
        says=phrase("share who are satisfied"),
    ),
    Metric(
        name="ces5", title="Customer effort, 1–5", unit="scale", least=20, read=mean_score, parts=each_score,
        scale=(1, 5, 1), better="down", says=phrase("mean effort, where low is easy"),
    ),
    Metric(
        name="ces7", title="Customer effort, 1–7", unit="share", least=30, read=share_who_agree, parts=each_score,
        scale=(1, 7, 1), says=phrase("share who agree that it was easy"),
    ),
    Metric(
        name="gcr", title="Goal completion, stated", unit="share", least=30, read=share_of_top, parts=three("no", "partly", "yes"),
        scale=(0, 2, 1), says=phrase("share who say that they reached their goal"),
    ),
    Metric(
        name="stars", title="Star rating", unit="scale", least=20, read=mean_score, parts=each_score, stepped=False,
        says=phrase("mean number of stars"),
    ),
    Metric(
        name="scale", title="Mean of a scale", unit="scale", least=20, read=mean_score, parts=each_score, better=None, stepped=False,
        says=phrase("mean score"),
    ),
)  # fmt: skip
METRICS: Mapping[str, Metric] = {metric.name: metric for metric in REGISTRY}


def metric_of(measure: Measure) -> Metric:
    """The metric that a measure names; ContractError when there is none, or when the measure cannot carry it."""
    metric = METRICS.get(measure.metric)
    if metric is None:
        raise ContractError(
            f"Measure {measure.key!r} has no metric {measure.metric!r}",
            nearest=nearest(measure.metric, METRICS),
            do=f"Metrics: {', '.join(METRICS)}.",
        )
    faults = list(metric.faults(measure))
    if faults:
        raise ContractError(f"Measure {measure.key!r} cannot be read as {metric.name}", faults=faults, do="Correct its definition, or its metric.")
    return metric


def difference(this: Histogram, that: Histogram, measure: Measure) -> Difference:
    """this − that with interval and p, in the metric's unit; both need answers."""
    read = metric_of(measure).read
    a, b = read(this, measure), read(that, measure)
    if isinstance(a, Share) and isinstance(b, Share):
        return a.minus(b)
    if isinstance(a, Balance) and isinstance(b, Balance):
        return a.minus(b)
    if isinstance(a, Mean) and isinstance(b, Mean):
        return a.minus(b)
    raise TypeError("one measure gave two kinds of sample")
