"""What is measured: every measure by who answers it, with how it stands now; the door to the page of each."""

from dataclasses import dataclass

from gensvar.measure import parse_question
from gensvar.measure.answer import Answer
from gensvar.measure.metrics import metric_of
from gensvar.serve.web.asked import Asked
from gensvar.serve.web.blocks import Verdict, newest, verdict
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.overview import AUDIENCES, ROOMS
from gensvar.serve.web.standing import standing
from gensvar.serve.web.words import Words


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure, and how it stands in the last three months; verdict: None where nobody has answered."""

    id: str
    title: str
    says: str
    verdict: Verdict | None
    href: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The measures of one audience. name: empty where all are of one."""

    audience: str
    name: str
    entries: tuple[Entry, ...]


def measures_page(desk: Desk, words: Words) -> tuple[Shelf, ...]:
    """Customers first; within an audience by title. Measures that nobody has answered stand last, on a shelf without an audience."""
    names = sorted({m.id for m in desk.measures()})
    answers = _asked(desk, names, words)
    audiences = desk.audiences()
    speaker = {name: audiences.get(name, "customer") if newest(answer) else "" for name, answer in answers}
    found = sorted({*speaker.values()}, key=lambda s: (ROOMS.index(s) if s in ROOMS else len(ROOMS), s))
    entries = {name: _entry(desk, name, answer, words) for name, answer in answers}
    shelves = ((s, sorted((e for n, e in entries.items() if speaker[n] == s), key=lambda e: e.title.casefold())) for s in found)
    return tuple(Shelf(s, _name(s, words) if len(found) > 1 else "", tuple(hers)) for s, hers in shelves)


def _asked(desk: Desk, names: list[str], words: Words) -> list[tuple[str, Answer]]:
    plain, today = Asked(), desk.today()
    questions = [parse_question(name, "", "", plain.period_text, "", plain.against_text, today=today) for name in names]
    return list(zip(names, standing(desk.ask_many(questions, words.language) if names else ()), strict=True))


def _entry(desk: Desk, name: str, answer: Answer, words: Words) -> Entry:
    measure, group = desk.measures().versions(name)[-1], newest(answer)
    return Entry(name, measure.title(words.language), words(metric_of(measure).says), verdict(group, words) if group else None, f"/measures/{name}")


def _name(audience: str, words: Words) -> str:
    return words(AUDIENCES.get(audience, audience)) if audience else words("No answers lately")
