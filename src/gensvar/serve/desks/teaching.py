"""Teaching: what a house's own ratings and labels add to its readers. A head goes into force only where a trial says that it helps.

Texts of protected audiences teach nothing: what their words were would live on in the weights.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

import ibis
import numpy as np

from gensvar.contracts import Measures
from gensvar.contracts.tone import TONE
from gensvar.enrich.own_models import KINDS, VECTORS, WORDS, OwnModels, tones_of, written
from gensvar.enrich.understanding import shipped_reader
from gensvar.house import House
from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.kit.scope import whole
from gensvar.ledger import Label, TextModel
from gensvar.measure.moods import bounds
from gensvar.serve.desks import voice_rows
from gensvar.serve.desks.labelling import draws, seen_texts
from gensvar.serve.working import MACHINE, Told, Work
from gensvar.text import teach
from gensvar.text.compact import unpacked
from gensvar.text.keys import key_of
from gensvar.text.labels import TONES
from gensvar.text.teach import Lessons, Trial, chosen_among

MOST_RATED, LATEST_RATED = 3_000, 20_000  # texts with a rating that teach; of how many of the latest they are taken
MOST_FOR_WORDS = 5_000
HAND = 3.0  # what a label by hand weighs beside a rating: it was given to the words themselves
BALANCE = 4.0  # no label weighs more than this many times the mean of all: a rare stratum must not speak for everybody
TEACHING = Work("teach", "ask for teaching", "The readers are being taught already")
Encode = Callable[[Sequence[str]], Sequence[bytes]]
"""Texts → a packed vector for each, in their order."""


@dataclass(frozen=True, slots=True)
class Taught:
    """One text that teaches. rating: whether it is a rating that stands beside the text, not a label of its words."""

    text: str
    language: str | None
    tone: int
    weight: float
    rating: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What teaching one head came to. number: of its version; None where there was too little to learn from. new: False where nothing had changed."""

    kind: str
    trial: Trial
    number: int | None
    hand: int
    ratings: int
    in_force: bool
    new: bool = True


# ── what there is to learn from ──────────────────────────────────────────────────────────────────────────────────────


def by_text(labels: Iterable[Label]) -> dict[bytes, list[Label]]:
    """Key of a text → what was said of it, oldest first."""
    found: dict[bytes, list[Label]] = defaultdict(list)
    for one in labels:
        found[one.key].append(one)
    return found


def agreed(labels: Sequence[Label]) -> str:
    """The tone that most readers heard; where as many heard another, the one that was heard first."""
    said = Counter(one.tone for one in labels)
    return max((one.tone for one in labels), key=lambda tone: said[tone])


def place_of(tone: str) -> int:
    """Where a tone stands in TONES."""
    return [str(one) for one in TONES].index(tone)


def weights(house: House) -> dict[bytes, float]:
    """Key of a text → how many rows it stands for, as its fair draw gave it, so that what labels say holds for all rows and not for the draw."""
    found: dict[bytes, float] = {}
    for draw in draws(house):
        if draw.mode == "fair" and draw.rows:
            mean = sum(row.weight for row in draw.rows) / len(draw.rows)
            found |= {row.key: row.weight / mean for row in draw.rows}
    return found


def by_hand(house: House) -> list[Taught]:
    """Every text that somebody labelled and that says the same still."""
    labels, weight = by_text(house.ledger.labels.all()), weights(house)
    rows = {str(UUID(bytes=found[0].row)): key for key, found in labels.items()}
    if not rows:
        return []
    there = house.engine.run(voice_rows.by_ids(seen_texts(house, whole()), rows).select("id", "text", "language")).to_pylist()
    kept = [(r, rows[str(r["id"])]) for r in there]
    return [
        Taught(r["text"], r["language"], place_of(agreed(labels[key])), min(BALANCE, weight.get(key, 1.0)) * HAND, rating=False)
        for r, key in sorted(kept, key=lambda one: one[1])
        if key_of(r["text"]) == key
    ]


def by_rating(house: House, most: int) -> list[Taught]:
    """The latest texts beside whose words stands a good rating or a bad one; a response with both kinds is left out."""
    texts, measures = seen_texts(house, whole()), house.ledger.measures.all()
    feedback = voice_rows.seen(house.engine.table("feedback"), whole(), house.settings.anonymous.names)
    good, bad = (_rated(feedback, measures, mood) for mood in ("good", "bad"))
    told = feedback.filter(feedback.score.notnull()).select("response", good=good, bad=bad)
    of_response = told.group_by("response").agg(good=told.good.max(), bad=told.bad.max())
    clear = of_response.filter(of_response.good != of_response.bad).select("response", "good")
    found = texts.inner_join(clear, "response").order_by(ibis.desc("occurred_at"), ibis.desc("id")).limit(most)
    once = {r["text"]: r for r in house.engine.run(found.select("text", "language", "good")).to_pylist()}
    return [Taught(text, r["language"], teach.POSITIVE if r["good"] else teach.NEGATIVE, 1.0, rating=True) for text, r in once.items()]


def _rated(rows: ibis.Table, measures: Measures, mood: Any) -> Any:
    """Whether a row's score is of this mood."""
    tests: list[Any] = [ibis.literal(False)]
    for m in measures:
        if m.key != TONE.key:
            low, high = bounds(m, mood)
            tests.append((rows.measure == m.key) & rows.score.between(low, high))
    return ibis.or_(*tests).fill_null(False)


def lessons(house: House, taught: Sequence[Taught], kind: str, encode: Encode | None) -> Lessons:
    """What these texts teach a head of this kind. Over vectors: texts without one are left out, but those labelled by hand are encoded now."""
    understanding = replace(house.understanding(), own=OwnModels())
    packed: dict[bytes, bytes] = {}
    if kind == VECTORS:
        packed = house.ledger.vectors.get([key_of(one.text) for one in taught], understanding.encoder) if understanding.encoder else {}
        missing = [one.text for one in taught if not one.rating and key_of(one.text) not in packed]
        if missing and encode is not None and understanding.encoder:
            made = dict(zip(map(key_of, missing), encode(missing), strict=True))
            house.ledger.vectors.put(made, understanding.encoder)
            packed |= made
        taught = _at_most(one for one in taught if key_of(one.text) in packed)
    readings, _ = understanding.readings([one.text for one in taught], [one.language for one in taught], packed)
    right = np.array([one.tone for one in taught], np.int64)
    rating = np.array([one.rating for one in taught], bool)
    texts = [one.text for one in taught]
    inputs = unpacked([packed[key_of(text)] for text in texts]) if kind == VECTORS else teach.words_of(texts)
    allowed = np.where(rating[:, None], chosen_among(right, rating=True), chosen_among(right, rating=False)).astype(np.float32)
    weight = np.array([one.weight for one in taught], np.float32)
    counts = ~rating if (~rating).sum() >= teach.LEAST else np.ones(len(taught), bool)
    return Lessons(inputs, tones_of(readings), right, allowed, weight, counts)


def _at_most(taught: Iterable[Taught]) -> list[Taught]:
    """All that were labelled by hand, and the first so many with a rating."""
    every = list(taught)
    rated = [one for one in every if one.rating][:MOST_RATED]
    return [one for one in every if not one.rating] + rated


# ── teaching ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def teach_house(house: House, who: str = MACHINE, encode: Encode | None = None, told: Told = lambda _: True) -> list[Outcome]:
    """Teaches both heads anew where there is something new to learn from, and says what came of it. told: hears of each head before it is taught."""
    hand, outcomes = by_hand(house), []
    for kind, rated in _to_teach(house):
        if not told({"kind": kind, "texts": len(hand) + len(rated)}):
            break
        outcomes.append(_taught(house, kind, hand + rated, who, encode))
    return outcomes


def _to_teach(house: House) -> Iterator[tuple[str, list[Taught]]]:
    """The heads that there may be, each with the texts whose ratings teach it."""
    if house.understanding().encoder:
        yield VECTORS, by_rating(house, LATEST_RATED)
    rated = by_rating(house, MOST_FOR_WORDS)
    if len(rated) >= teach.STUDENT_LEAST:
        yield WORDS, rated


def teach_asked(house: House, who: str, encode: Encode | None, told: Told) -> dict[str, Any]:
    """The same as work that somebody asked for: what came of it, as plain values."""
    return {"heads": [asdict(outcome) for outcome in teach_house(house, who, encode, told)]}


def _taught(house: House, kind: str, found: Sequence[Taught], who: str, encode: Encode | None) -> Outcome:
    from_what = lessons(house, found, kind, encode)
    ratings = int((from_what.allowed[:, teach.NEUTRAL] == 0).sum())
    hand = len(from_what) - ratings
    encoder = house.understanding().encoder if kind == VECTORS else ""
    about = {"hand": hand, "ratings": ratings, "encoder": encoder, "reader": shipped_reader().version}
    last = next(iter(house.ledger.text_models.history(kind)), None)
    if last is not None and all(last.numbers.get(name) == value for name, value in about.items()):
        return Outcome(kind, trial_of(last.numbers), last.id, hand, ratings, last.state == "in force", new=False)
    head, trial = teach.taught(from_what)
    if head is None:
        return Outcome(kind, trial, None, hand, ratings, in_force=False)
    numbers = {**about, "trial": asdict(trial)}
    number = house.ledger.text_models.add(kind, "in force" if trial.helps else "tried", numbers, written(head), who)
    house.ledger.audit.append(who, "teach reader", kind, {"version": number, "why": trial.why, "hand": hand, "ratings": ratings})
    return Outcome(kind, trial, number, hand, ratings, trial.helps)


def trial_of(numbers: Mapping[str, Any]) -> Trial:
    """The trial of a version, as the ledger keeps it."""
    kept = numbers["trial"]
    before, after = (None if kept[part] is None else teach.Scores(**kept[part]) for part in ("before", "after"))
    gain = kept["gain"]
    return Trial(kept["n"], kept["why"], before, after, None if gain is None else (gain[0], gain[1], gain[2]))


def history(house: House) -> list[TextModel]:
    """Every version of every head, newest first."""
    return sorted((one for kind in KINDS for one in house.ledger.text_models.history(kind)), key=lambda one: -one.id)


def use(house: House, who: str, number: int) -> TextModel:
    """Puts a version back into force. BadInput for one that its trial did not find to help."""
    one = house.ledger.text_models.get(number)
    if one.kind not in KINDS:
        raise NotFound(f"No version {number}", do="The page of text quality lists them.")
    if not trial_of(one.numbers).helps:
        raise BadInput("This version did not help in its trial", do="Label more texts, then teach again.")
    used = house.ledger.text_models.use(number)
    house.ledger.audit.append(who, "use own model", one.kind, {"version": number})
    return used


def stop(house: House, who: str, kind: str) -> int:
    """Takes the version in force of a kind out of it; texts are read again by the reader as it ships. NotFound where there was none."""
    if kind not in KINDS:
        raise BadInput(f"No kind {kind!r}", nearest=nearest(kind, KINDS), do=f"Kinds: {', '.join(KINDS)}.")
    number = house.ledger.text_models.stop(kind)
    if number is None:
        raise NotFound(f"No own model over {kind} is in force", do="The page of text quality says what is.")
    house.ledger.audit.append(who, "stop own model", kind, {"version": number})
    return number
