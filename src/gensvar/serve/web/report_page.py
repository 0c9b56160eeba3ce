"""The board report: the page on which it is put together, and the PDF itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from litestar import Response

from gensvar.contracts import DIMENSIONS
from gensvar.kit.errors import BadInput, nearest
from gensvar.serve.report import Wanted, report_file, scope_in_words
from gensvar.serve.web.asked import KNOWN, Asked, Choice, Option, fixed_choice, period_choices, read_asked, where_choice
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.files_page import sent
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Page, Visit
from gensvar.serve.web.words import LANGUAGES, Words

OWN = ("measures", "title", "comment", "language")
ASKED_OF = frozenset(KNOWN - {"by", "grain"}) | frozenset(OWN)
FIRST = ("market", "channel")
PERIOD = "last quarter"


@dataclass(frozen=True, slots=True)
class ReportPage:
    """choices: market, channel, period, comparison; scope: what is counted for this reader, where that is not everything."""

    title: str
    comment: str
    measures: tuple[Option, ...]
    choices: tuple[Choice, ...]
    more_choices: tuple[Choice, ...]
    language: Choice
    scope: str


def report(visit: Visit) -> View:
    asked, wanted, language = read(visit)
    desk, words = visit.desk, visit.words
    names = {m.id: m.title(words.language) for m in sorted(desk.measures(), key=lambda m: (m.id, m.version))}
    page = ReportPage(
        title=wanted.title,
        comment=wanted.comment,
        measures=tuple(Option(name, title, name in wanted.measures) for name, title in sorted(names.items(), key=lambda n: n[1].casefold())),
        choices=(*(where_choice(d, desk.dimension_values(d), asked, words) for d in FIRST), *period_choices(asked, words)),
        more_choices=tuple(_where(desk, [d for d in DIMENSIONS if d not in FIRST], asked, words)),
        language=replace(fixed_choice("language", "Language of the report", {}, language, words), options=_languages(language)),
        scope=scope_in_words(visit.scope, None, words),
    )
    return View("report.html", page, "report")


def _where(desk: Desk, dimensions: Sequence[str], asked: Asked, words: Words) -> Iterator[Choice]:
    for dimension in dimensions:
        if values := desk.dimension_values(dimension):
            yield where_choice(dimension, values, asked, words)


def _languages(chosen: str) -> tuple[Option, ...]:
    return tuple(Option(code, name, code == chosen) for code, name in LANGUAGES.items())


def pdf(visit: Visit) -> Response[Any]:
    """The report. That it was taken along is written into the audit, with what it was about."""
    _, wanted, language = read(visit)
    file = report_file(visit.desk, wanted, visit.scope, language)
    visit.noted("exported", file.name, **wanted.told())
    return sent(file)


def read(visit: Visit) -> tuple[Asked, Wanted, str]:
    """What the address asks for. BadInput for a name that no report knows, with the nearest."""
    query = dict(visit.query)
    unknown = [name for name in query if name not in ASKED_OF]
    if unknown:
        near = nearest(unknown[0], ASKED_OF)
        raise BadInput(f"No choice {unknown[0]!r}", where="in the address", nearest=near, do=f"Choices: {', '.join(sorted(ASKED_OF))}.")
    asked = read_asked({"period": PERIOD, **{name: value for name, value in query.items() if name not in OWN and value}})
    names = [name.strip() for text in visit.request.query_params.getall("measures", []) for name in text.split(",") if name.strip()]
    wanted = Wanted(tuple(names), asked.where_text, asked.period_text, asked.against_text, query.get("title", ""), query.get("comment", ""))
    return asked, wanted, query.get("language") or visit.words.language


PAGES = (Page("/report", "answers", report), Page("/report.pdf", "answers", pdf))
FORMS = ()
