"""What protected people speak of: their released comments, read as all texts are, and never one that is not released."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gensvar.contracts.tone import TONE
from gensvar.measure import Estimate, Group, Period, TooFew, metric_of
from gensvar.measure.histogram import histogram
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks.unnamed import unnamed_comments

MOST = 10_000


@dataclass(frozen=True, slots=True)
class Read:
    """One released comment. tones: topic → −1…1; reasons: as in `feedback`; tone: of the whole."""

    month: date
    tone: float
    tones: Mapping[str, float]
    reasons: tuple[str, ...]

    def said(self, what: str) -> Mapping[str, float]:
        """The topics or the reasons of the comment, each with its tone."""
        return self.tones if what == "topic" else dict.fromkeys(self.reasons, self.tone)


def read(desk: HouseDesk, where: Mapping[str, tuple[str, ...]], period: Period | None) -> Sequence[Read]:
    """The released comments of employees within the scope that say anything."""
    found = [u for u in unnamed_comments(desk.house, desk.scope, where, period, "", MOST) if u.audience == "employee"]
    texts = [u.text for u in found]
    understood = desk.house.understanding().read(texts, [u.language or None for u in found], {})
    pairs = zip(found, understood, strict=True)
    return [Read(u.month, r.sentiment, _tones(r.tones or ()), r.reasons or ()) for u, r in pairs if r.sentiment is not None]


def _tones(written: Sequence[str]) -> dict[str, float]:
    split = (one.rpartition("=") for one in written)
    return {topic: float(value) for topic, _, value in split}


def tone(texts: Sequence[Read], what: str | None, name: str) -> Group:
    """The tone of the comments that speak of it; of all of them where what is None."""
    values = [r.tone if what is None else r.said(what)[name] for r in texts if what is None or name in r.said(what)]
    verdict = metric_of(TONE).verdict(histogram(values, TONE), TONE)
    return Group({} if what is None else {what: name}, TONE, verdict)


def texts(found: Sequence[Read]) -> Estimate | TooFew:
    """How many they are, as a verdict on their tone."""
    return metric_of(TONE).verdict(histogram([r.tone for r in found], TONE), TONE)
