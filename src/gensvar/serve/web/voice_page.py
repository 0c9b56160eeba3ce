"""One voice with its whole story: when, where, how it came in, what was said with it, and what the same person said at other times."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from gensvar.serve.desks import voices as desk
from gensvar.serve.web.figures import moment
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.voice_views import AUDIENCE_NAMES, VoiceView, voice_view
from gensvar.serve.web.words import Words


@dataclass(frozen=True, slots=True)
class Row:
    term: str
    text: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class StoryPage:
    """facts: when, where, how. source: who answers for it. attrs: what else it told. parts: other words of that moment. others: by the same party.

    original: whether the text is kept as it was written, and the reader may ask for it.
    """

    voice: VoiceView
    title: str
    facts: tuple[Row, ...]
    source: tuple[Row, ...]
    attrs: tuple[Row, ...]
    left_out: tuple[str, ...]
    parts: tuple[VoiceView, ...]
    others: tuple[VoiceView, ...]
    original: bool = False


def story(visit: Visit) -> View:
    found = desk.voice(visit.house, visit.scope, visit.named("voice"))
    w, measures = visit.words, visit.desk.measures()
    voice = voice_view(found.voice, visit, measures, whole=True)
    page = StoryPage(
        voice=voice,
        title=w("What was said on {day}", day=w.day(found.voice.occurred_at.date())),
        facts=tuple(_facts(found, visit, voice)),
        source=tuple(_agreed(found, w)),
        attrs=tuple(Row(name, value) for name, value in sorted(found.attrs.items())),
        left_out=tuple(dict.fromkeys(visit.left_out.findall(voice.text))),
        parts=tuple(voice_view(v, visit, measures, whole=True) for v in found.parts if v.text or v.choice),
        others=tuple(voice_view(v, visit, measures) for v in found.others),
        original=visit.may("rows") and visit.scope.free_text and visit.house.ledger.originals.there(UUID(voice.id).bytes) is not None,
    )
    return View("voice.html", page, "voices")


def _facts(found: desk.Story, visit: Visit, voice: VoiceView) -> Iterator[Row]:
    w, v = visit.words, found.voice
    yield Row(w("Said"), voice.when)
    yield Row(w("Received"), moment(found.received_at, w.language, visit.reader.zone))
    yield Row(w("By"), w(AUDIENCE_NAMES[v.audience]))
    yield Row(w("Kind"), w("{kind}; the source calls it “{word}”", kind=voice.kind, word=v.local_kind) if v.local_kind else voice.kind)
    for d, value in v.dims.items():
        name = w(d)
        yield Row(name[:1].upper() + name[1:], w.value(d, value))
    if v.language:
        yield Row(w("Language"), w.value("language", v.language))
    if v.choice:
        yield Row(w("Chosen answer"), v.choice)


def _agreed(found: desk.Story, w: Words) -> Iterator[Row]:
    yield Row(w("Source"), found.voice.source)
    yield Row(w("Record"), found.record, code=True)
    yield Row(w("Item"), found.item, code=True)
    if found.agreement is not None:
        a = found.agreement
        yield Row(w("Owner"), a.owner)
        yield Row(w("Purpose"), a.purpose)
        changed = w("version {version}; now it is {now}", version=a.version, now=a.now) if a.now else w("version {version}", version=a.version)
        yield Row(w("Contract"), changed)


PAGES = (Page("/voices/{voice:str}", "voices", story),)
FORMS = ()
