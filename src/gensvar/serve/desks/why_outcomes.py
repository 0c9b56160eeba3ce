"""What a reader may see of words × tone × outcome: what the night found over the whole house, for those who see the whole house."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

import ibis

from gensvar.contracts import AUDIENCES
from gensvar.explain.outcomes import KIND, Association, Looked, TermKind, Tone, of_json
from gensvar.explain.outcomes.registry import OUTCOMES
from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import voice_rows
from gensvar.serve.desks.voice_search import having
from gensvar.serve.desks.voices import protected
from gensvar.text.labels import MILD
from gensvar.text.search import terms

NAMES: Final = tuple(o.name for o in OUTCOMES)
GOOD: Final = {o.name: o.good for o in OUTCOMES}
KINDS: Final[tuple[TermKind, ...]] = ("topic", "theme", "phrase", "word")
TONES: Final[tuple[Tone, ...]] = ("negative", "neutral", "positive")
PLAIN_KINDS: Final = frozenset({"topic"})  # whose names tell nothing of what anybody wrote
LOOKED_AT, MOST_QUOTES = 60, 3
COLUMNS: Final = ("id", "text", "language", "occurred_at", "market", "sentiment", "tones")

State = Literal["told", "scope", "not_yet", "why"]


@dataclass(frozen=True, slots=True)
class Told:
    """state: told; scope (the reader sees a part of the house); not_yet (no night has looked); why (`looked.why` says what was missing).

    hidden: associations left out since so few customers stand behind them, or since words are not the reader's to read.
    """

    outcome: str
    state: State
    looked: Looked | None = None
    made_at: datetime | None = None
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """One text of somebody who said it, in this tone."""

    id: str
    text: str
    language: str
    at: datetime
    market: str


def told(desk: HouseDesk, outcome: str, *, words: bool) -> Told:
    """What was last found of an outcome. words: whether the reader may read voices; without, or without the right to text, topics alone.

    NotFound for an unknown outcome. Nothing about fewer customers than the reader's smallest group.
    """
    _known(outcome, NAMES, "outcome")
    if desk.scope.rows:
        return Told(outcome, "scope")
    found = desk.house.ledger.findings.latest(KIND, outcome)
    if found is None:
        return Told(outcome, "not_yet")
    looked = of_json(found.body)
    kept = tuple(a for a in looked.associations if _may_see(desk, a, words=words))
    shown = replace(looked, associations=kept)
    return Told(outcome, "why" if looked.why else "told", shown, found.made_at, len(looked.associations) - len(kept))


def _may_see(desk: HouseDesk, a: Association, *, words: bool) -> bool:
    """Whether this association is the reader's to see."""
    least = max(desk.scope.smallest_group(audience) for audience in AUDIENCES if audience not in protected(desk.house))
    return (a.kind in PLAIN_KINDS or (words and desk.scope.free_text)) and a.parties >= least


def _known(word: str, known: Sequence[str], what: str) -> None:
    if word not in known:
        raise NotFound(f"No {what} {word!r}", nearest=nearest(word, known), do=f"There are: {', '.join(known)}.")


def chosen(looked: Looked, kind: str = "", tone: str = "", search: str = "") -> tuple[Association, ...]:
    """Those of a kind and a tone whose name or id holds what is searched for. BadInput for a kind or a tone that is none."""
    for word, known, what in ((kind, KINDS, "kind of term"), (tone, TONES, "tone")):
        if word and word not in known:
            raise BadInput(f"No {what} {word!r}", nearest=nearest(word, known), do=f"There are: {', '.join(known)}.")
    wanted = search.casefold().strip()

    def fits(a: Association) -> bool:
        named = " ".join((a.term.partition(":")[2], *a.name.values())).casefold()
        return (not kind or a.kind == kind) and (not tone or a.tone == tone) and (not wanted or wanted in named)

    return tuple(a for a in looked.associations if fits(a))


def one(desk: HouseDesk, outcome: str, tone: str, term: str, *, words: bool) -> tuple[Looked, Association]:
    """One association. NotFound, in the same words, where there is none or it is not the reader's to see."""
    found = told(desk, outcome, words=words)
    mine = [a for a in found.looked.associations if a.term == term and a.tone == tone] if found.looked else []
    if not mine or found.looked is None:
        raise NotFound("There is no such association, or it is not yours to see", do="The page Words and outcomes lists those that are.")
    return found.looked, mine[0]


def quotes(desk: HouseDesk, a: Association) -> tuple[Quote, ...]:
    """At most three texts that say it in this tone, the newest first, among those that the reader may see; none without the right to text."""
    if not desk.scope.free_text:
        return ()
    return desk.kept((KIND, "quotes", a.term, a.tone), lambda: tuple(_quotes(desk, a)))


def _quotes(desk: HouseDesk, a: Association) -> Iterator[Quote]:
    seen = voice_rows.seen(desk.house.engine.table("feedback"), desk.scope, protected(desk.house))
    written = seen.filter(seen.text.notnull(), seen.text != "", seen.sentiment.notnull())
    newest = _saying(desk, a, written).order_by(ibis.desc("occurred_at"), "id").limit(LOOKED_AT).select(*COLUMNS)
    found = 0
    for row in desk.house.engine.run(newest).to_pylist():
        if found < MOST_QUOTES and _tone_of(a, row["sentiment"], row["tones"] or ()) == a.tone:
            found += 1
            yield Quote(str(row["id"]), row["text"], row["language"] or "", row["occurred_at"], row["market"] or "")


def _saying(desk: HouseDesk, a: Association, rows: ibis.Table) -> ibis.Table:
    """The rows that speak of the topic, belong to the theme, or hold the word or phrase."""
    name = a.term.partition(":")[2]
    match a.kind:
        case "topic":
            return rows.filter(rows.topics.contains(name))
        case "theme":
            theme = next((t for t in desk.house.ledger.themes.all() if t.id == name), None)
            members = list(theme.body.get("members", ())) if theme else []
            return voice_rows.by_ids(rows, members) if members else rows.filter(ibis.literal(False))
        case _:
            said = next(iter(a.name.values()), "")
            spoken = having(desk.house, terms(f'"{said}"')).rows(rows)
            return spoken.filter(spoken.language.startswith(a.language)) if a.language else spoken


def _tone_of(a: Association, sentiment: float, tones: Sequence[str]) -> Tone:
    """The tone of the topic itself where it is one, else that of the text."""
    own = dict(t.rsplit("=", 1) for t in tones).get(a.term.partition(":")[2]) if a.kind == "topic" else None
    value = float(own) if own is not None else sentiment
    return "negative" if value < -MILD else "positive" if value > MILD else "neutral"


def reported(desk: HouseDesk, *, words: bool) -> tuple[Association, ...]:
    """Over all outcomes, those that were seen and seen again, surest first."""
    found = [told(desk, name, words=words).looked for name in NAMES]
    return tuple(sorted((a for one in found if one for a in one.reported), key=lambda a: (a.q or 0.0, a.term)))
