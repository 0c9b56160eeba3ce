"""In short: what a selection of voices says, as sentences that somebody wrote, each with how many say something like it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from gensvar.house import House
from gensvar.kit.errors import NotFound
from gensvar.kit.scope import Scope
from gensvar.serve.desks.sampled import Drawn, Heard, Part, Tone, drawn, said_of, tone_of
from gensvar.serve.desks.voice_query import VoiceQuery
from gensvar.serve.desks.voices import protected
from gensvar.serve.llm import Silent, model_of
from gensvar.text.cited import asked, checked, cut
from gensvar.text.redact import redact
from gensvar.text.summary import LEAST, Said, Summary, summary, tones

MOST, QUOTES, MOST_QUOTES, MOST_SENT = 2_000, 6, 12, 200


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence of a voice, as it stands there. like: of the texts in its language, those that say something like it; nearest: those of which no
    other quote is nearer; tones: how many of `like` are negative, neither, positive.
    """

    id: str
    text: str
    language: str
    day: date
    dims: Mapping[str, str]
    like: Part
    nearest: int
    tones: Mapping[str, int]
    tone: Tone | None


@dataclass(frozen=True, slots=True)
class InLanguage:
    """language: BCP-47, or empty where it is unknown. covered: of its texts, those that some quote stands for."""

    language: str
    texts: int
    covered: Part
    quotes: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class InShort:
    """total: texts of the selection; about: it is an estimate; read: those that were read for this. covered: None where there is no quote.

    left_out: texts read, in languages with too few of them. least: texts in one language that it takes. apart: audiences that are not among them.
    """

    total: int
    about: bool
    read: int
    covered: Part | None
    languages: tuple[InLanguage, ...]
    left_out: int
    least: int
    apart: tuple[str, ...]


def in_short(house: House, scope: Scope, query: VoiceQuery, quotes: int = QUOTES) -> InShort:
    """The summary of a selection of voices. NotAllowed without the right to read text."""
    found = drawn(house, scope, query, MOST)
    return summed(found, said_of(house, found.heard), tuple(sorted(protected(house))), min(max(quotes, 1), MOST_QUOTES))


def summed(found: Drawn, said: tuple[Said, ...], apart: tuple[str, ...] = (), quotes: int = QUOTES) -> InShort:
    """The same of texts that are at hand."""
    made = summary(said, quotes)
    covered, texts = sum(len(p.covered) for p in made.parts), sum(len(p.texts) for p in made.parts)
    return InShort(
        found.total, found.about, len(found.heard), Part.of(covered, texts) if texts else None, tuple(_languages(made, found.heard, said)),
        made.left_out, LEAST, apart,
    )  # fmt: skip


def _languages(made: Summary, heard: tuple[Heard, ...], said: tuple[Said, ...]) -> list[InLanguage]:
    found = []
    for part in made.parts:
        n = len(part.texts)
        quotes = []
        for q in part.quotes:
            one, like = heard[q.text], tuple(heard[i] for i in q.like)
            quotes.append(
                Quoted(
                    one.id, one.text[q.start : q.end], one.language or "", one.day, one.dims, Part.of(len(like), n), len(q.nearest),
                    tones(said, q.like), tone_of(like),
                )
            )  # fmt: skip
        found.append(InLanguage("" if part.language == "-" else part.language, n, Part.of(len(part.covered), n), tuple(quotes)))
    return found


# ── in other words, by a language model ──


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What would be sent, where and to whom. texts: how many; signs: how long they are together."""

    host: str
    model: str
    texts: int
    signs: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One that stands. voices: ids of those that it rests on."""

    text: str
    voices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InOtherWords:
    """What the model wrote, as far as it may stand. dropped: why sentences were left out → how many.

    trouble: why there is nothing at all, a phrase with places; values: what stands in them.
    """

    sent: Outgoing
    sentences: tuple[Sentence, ...]
    dropped: Mapping[str, int]
    trouble: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def outgoing(house: House, scope: Scope, query: VoiceQuery) -> Outgoing | None:
    """What a model would be sent about this selection; None where the house has no model, or there is too little to sum up."""
    model = model_of(house.settings)
    if model is None or not scope.free_text:
        return None
    texts = _to_send(drawn(house, scope, query, MOST_SENT).heard)
    return Outgoing(model.host, model.name, len(texts), sum(map(len, texts))) if len(texts) >= LEAST else None


def in_other_words(house: House, scope: Scope, query: VoiceQuery, language: str, note: Callable[[Outgoing], None]) -> InOtherWords:
    """Asks the model, and keeps what follows from the texts. NotFound where the house has none. note: writes down what is sent, before it is.

    language: in which the answer should be, by its English name.
    """
    model = model_of(house.settings)
    if model is None:
        raise NotFound("This house has no language model", do="Its owner sets one with llm_url and llm_model; the summary in quotes needs none.")
    heard = drawn(house, scope, query, MOST_SENT).heard
    texts = _to_send(heard)
    sent = Outgoing(model.host, model.name, len(texts), sum(map(len, texts)))
    if len(texts) < LEAST:
        return InOtherWords(sent, (), {}, "too few")
    note(sent)
    try:
        found = checked(model.say(asked(texts, language)), texts)
    except Silent as trouble:
        return InOtherWords(sent, (), {}, trouble.message, trouble.values)
    except ValueError:
        return InOtherWords(sent, (), {}, "no form")
    kept = tuple(Sentence(one.text, tuple(heard[row - 1].id for row in one.rows)) for one in found.kept)
    return InOtherWords(sent, kept, {str(why): n for why, n in found.dropped.items()})


def _to_send(heard: Sequence[Heard]) -> list[str]:
    """The texts as they leave the house: cut, and redacted once more, should an older release have left something in."""
    return [cut(redact(one.text)) for one in heard]
