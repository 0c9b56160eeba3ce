"""Text quality: how right the readers of text are, as published, by this house's own labels, and beside the agreement of its people."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import combinations
from typing import Any
from uuid import UUID

import ibis
import msgspec
import numpy as np

from gensvar.enrich.own_models import KINDS, OwnModels, tones_of
from gensvar.enrich.understanding import shipped_reader
from gensvar.house import House
from gensvar.hub.within import within
from gensvar.kit.scope import Scope
from gensvar.ledger import Label, TextModel
from gensvar.serve.desks import voice_rows
from gensvar.serve.desks.labelling import seen_texts
from gensvar.serve.desks.teaching import agreed, by_text, history, place_of, weights
from gensvar.stats.agreement import alpha, kappa
from gensvar.stats.normal import Interval
from gensvar.stats.shares import Share, score_limits
from gensvar.text.keys import key_of
from gensvar.text.labels import TONES
from gensvar.text.learning import Floats
from gensvar.text.teach import LEAST, NEUTRAL

CARD = "card.json"
BINS = 5
LEAST_OF_BIN, LEAST_OF_TONE = 8, 5
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Published:
    """What the evaluations of a release measured on one real set that no shipped model had seen."""

    language: str
    set: str
    n: int
    accuracy: float | None = None
    macro_f1: float | None = None
    neutral_recall: float | None = None


@dataclass(frozen=True, slots=True)
class OfTone:
    """Texts that people heard in one tone. found: the share of them that the reader found; none where they are too few."""

    tone: str
    n: int
    found: Interval | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Texts of which the reader was about as sure. sure: how sure, in mean; right: how often rightly so."""

    sure: float
    right: Interval
    n: int


@dataclass(frozen=True, slots=True)
class Neutral:
    """people: the share heard as neutral; reader: what it says of the same texts. calibrated: the second lies within the interval of the first."""

    people: Interval
    reader: float
    calibrated: bool


@dataclass(frozen=True, slots=True)
class Own:
    """How right the reader in force is by this house's labels of texts drawn by chance, each weighted by what it stands for.

    accuracy is None below 50 texts: `missing` says how many more it takes. taught: these labels taught the head in force, so the numbers are those of
    the reader as it ships; what the head adds stands with its trial.
    """

    n: int
    missing: int
    accuracy: Interval | None = None
    macro_f1: float | None = None
    tones: tuple[OfTone, ...] = ()
    bins: tuple[Bin, ...] = ()
    neutral: Neutral | None = None
    taught: bool = False


@dataclass(frozen=True, slots=True)
class Together:
    """Texts that at least two people labelled: how often two of them heard the same tone. kappa: of the two with most texts in common."""

    n: int
    readers: int
    same: Interval | None
    alpha: float | None
    kappa: float | None
    pair: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Reach:
    """What has been read within a reader's scope. by: the version that read → how many texts; waiting: texts that a later version is to read."""

    texts: int
    by: Mapping[str, int]
    waiting: int
    languages: Mapping[str, int]

    @property
    def unknown(self) -> int:
        """Texts whose language could not be told."""
        return self.languages.get("", 0)


@dataclass(frozen=True, slots=True)
class Quality:
    """Everything that the page of text quality says."""

    published: tuple[Published, ...]
    own: Own
    together: Together
    reach: Reach
    in_force: Mapping[str, int | None]
    reader: str
    encoder: str
    versions: tuple[TextModel, ...]
    labelled_by: Mapping[str, int]


def quality(house: House, scope: Scope) -> Quality:
    """What is known of how texts are read, by what this reader may see."""
    labels = seen_labels(house, scope)
    understanding = house.understanding()
    return Quality(
        published(),
        own_accuracy(house, labels),
        together(list(labels.values())),
        reach(house, scope),
        {kind: house.ledger.text_models.in_force(kind) for kind in KINDS},
        shipped_reader().version,
        understanding.encoder,
        tuple(history(house)),
        Counter(one.by for found in labels.values() for one in found.labels),
    )


# ── published ────────────────────────────────────────────────────────────────────────────────────────────────────────


def published() -> tuple[Published, ...]:
    """The card of the models that ship; nothing where this release carries none."""
    card = files("gensvar.text.models") / CARD
    if not card.is_file():
        return ()
    found = msgspec.json.decode(card.read_bytes()).get("tones", [])
    return tuple(Published(**{k: v for k, v in one.items() if k in Published.__dataclass_fields__}) for one in found)


# ── by this house's labels ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with all labels that it was given."""

    text: str
    language: str | None
    labels: tuple[Label, ...]


def seen_labels(house: House, scope: Scope) -> dict[bytes, Labelled]:
    """Key → the text with its labels, of rows within the scope that say what they said when they were labelled."""
    labels = by_text(house.ledger.labels.all())
    rows = {str(UUID(bytes=found[0].row)): key for key, found in labels.items()}
    if not rows:
        return {}
    seen = voice_rows.by_ids(seen_texts(house, replace(scope, free_text=True)), rows)
    found = house.engine.run(seen.select("id", "text", "language")).to_pylist()
    kept = {rows[str(r["id"])]: r for r in found}
    return {key: Labelled(r["text"], r["language"], tuple(labels[key])) for key, r in sorted(kept.items()) if key_of(r["text"]) == key}


def own_accuracy(house: House, labels: Mapping[bytes, Labelled]) -> Own:
    """How right texts are read, by labels of fair draws only, each weighted by the rows that it stands for."""
    weight = weights(house)
    fair = {key: one for key, one in labels.items() if key in weight}
    if len(fair) < LEAST:
        return Own(len(fair), LEAST - len(fair))
    taught = any(house.ledger.text_models.in_force(kind) is not None for kind in KINDS)
    tones = _tones(house, list(fair.values()))
    right = np.array([place_of(agreed(one.labels)) for one in fair.values()], np.int64)
    shares = np.array([weight[key] for key in fair], np.float64)
    return judged(tones, right, shares / shares.sum(), taught=taught)


def _tones(house: House, found: Sequence[Labelled]) -> Floats:
    """What the readers that ship say of these texts: none of their heads was taught by these labels."""
    understanding = replace(house.understanding(), own=OwnModels())
    keys = [key_of(one.text) for one in found]
    vectors = house.ledger.vectors.get(keys, understanding.encoder) if understanding.encoder else {}
    readings, _ = understanding.readings([one.text for one in found], [one.language for one in found], vectors)
    return tones_of(readings)


def judged(tones: Floats, right: Any, shares: Any, *, taught: bool = False) -> Own:
    """The numbers of a reader by labels. tones: texts × 4; right: places in TONES; shares: of each text, they sum to 1."""
    said = tones.argmax(1)
    hit = said == right
    of, f1 = [], []
    for place, tone in enumerate(TONES):
        there, told = shares[right == place].sum(), shares[said == place].sum()
        if (right == place).any():
            f1.append(2 * shares[hit & (right == place)].sum() / (there + told))
        n = int((right == place).sum())
        found = weighted(hit[right == place], shares[right == place]) if n >= LEAST_OF_TONE else None
        of.append(OfTone(tone, n, found))
    people = weighted(right == NEUTRAL, shares)
    told_neutral = float(shares[said == NEUTRAL].sum())
    neutral = Neutral(people, told_neutral, people.low <= told_neutral <= people.high)
    bins = tuple(_bins(tones.max(1), hit, shares))
    return Own(len(right), 0, weighted(hit, shares), float(np.mean(f1)), tuple(of), bins, neutral, taught)


def weighted(yes: Any, shares: Any) -> Interval:
    """A weighted share with Wilson's interval on as many texts as the weights are worth (Kish 1965: (Σw)² ÷ Σw²)."""
    total = shares.sum()
    value = float((shares * yes).sum() / total)
    worth = max(1, round(float(total**2 / (shares**2).sum())))
    low, high = score_limits(value, worth, Z)
    return Interval(value, low, high)


def _bins(sure: Any, hit: Any, shares: Any) -> list[Bin]:
    """Texts in order of how sure the reader was, in up to five parts of about as many."""
    order = np.argsort(sure, kind="stable")
    parts = np.array_split(order, max(1, min(BINS, len(order) // LEAST_OF_BIN)))
    return [Bin(float(np.average(sure[p], weights=shares[p])), weighted(hit[p], shares[p]), len(p)) for p in parts]


def together(found: Sequence[Labelled]) -> Together:
    """How far people agree: the ceiling for any reader."""
    units = [{one.by: one.tone for one in text.labels} for text in found]
    paired = [unit for unit in units if len(unit) > 1]
    readers = {by for unit in paired for by in unit}
    if not paired:
        return Together(0, 0, None, None, None, None)
    same = [sum(a == b for a, b in combinations(u.values(), 2)) / (len(u) * (len(u) - 1) / 2) for u in paired]
    common = Counter(pair for unit in paired for pair in combinations(sorted(unit), 2))
    pair = max(sorted(common), key=lambda p: common[p])
    both = [(unit[pair[0]], unit[pair[1]]) for unit in paired if pair[0] in unit and pair[1] in unit]
    whole = Share(round(sum(same)), len(same)).interval()
    return Together(len(paired), len(readers), whole, alpha([list(unit.values()) for unit in paired]), kappa(both), pair)


# ── what has been read ───────────────────────────────────────────────────────────────────────────────────────────────


def reach(house: House, scope: Scope) -> Reach:
    """How many texts were read by which version, within the scope; protected audiences are not among them."""
    rows = within(house.engine.table("feedback"), replace(scope, free_text=True))
    rows = rows.filter(rows.audience.isin(voice_rows.shown_audiences(scope, house.settings.anonymous.names)))
    texts = rows.filter(rows.text.notnull(), rows.text != "")
    parted = texts.select(by=texts.enriched_by.fill_null(""), language=texts.language.fill_null(""))
    found = house.engine.run(parted.group_by("by", "language").agg(n=ibis._.count())).to_pylist()
    by: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for row in found:
        by[row["by"]] += row["n"]
        languages[row["language"]] += row["n"]
    reading = house.understanding()
    latest = reading.refined if reading.encoder else reading.version
    waiting = sum(n for version, n in by.items() if version != latest)
    return Reach(by.total(), dict(by.most_common()), waiting, dict(languages.most_common()))


__all__ = ["Bin", "Neutral", "OfTone", "Own", "Published", "Quality", "Reach", "Together", "judged", "quality", "together", "weighted"]
