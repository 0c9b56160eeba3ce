"""A measure's page as a file: its own address with the ending of a form, as /measures/csat.delivery.csv?by=market. Also where pages link to such."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from litestar import Response

from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.measure import Answer, parse_question, question_address
from gensvar.measure.question import Question
from gensvar.serve.export import FORMS, File, Form, Look, answer_file, split_ending
from gensvar.serve.web.annotate import notes_for
from gensvar.serve.web.asked import Asked, escaped, read_asked
from gensvar.serve.web.desk import Desk
from gensvar.serve.web.visit import Visit

WHOLE, TREND = "whole", "trend"
PARTS = (WHOLE, TREND)
TREND_PERIOD = "last 12 months"


def asked_file(desk: Desk, name: str) -> tuple[str, Form | None]:
    """The measure, and the form that its page is asked for in. NotFound with the nearest for an ending that no form has."""
    known = {m.id for m in desk.measures()}
    stem, form = split_ending(name)
    if form is not None and name not in known:
        return stem, form
    before, _, ending = name.rpartition(".")
    if before in known and name not in known:
        raise NotFound(f"No form {ending!r}", nearest=nearest(ending, FORMS), do=f"Forms: {', '.join(FORMS)}.")
    return name, None


def measure_file(visit: Visit, name: str, form: Form) -> Response[Any]:
    """What the page shows, as a file. part: whole, as its first sentence says it, or trend; mode: light or dark. Written into the audit."""
    query = dict(visit.query)
    part, mode = query.pop("part", WHOLE), query.pop("mode", "light")
    asked, words = read_asked(query), visit.words
    notes = notes_for(visit)
    look = Look(mode, lambda key: notes.on(name.partition("@")[0], asked, words, key))
    return given(visit, visit.desk.ask(question_of(name, asked, part, visit), words.language), form, look)


def given(visit: Visit, answer: Answer, form: Form, look: Look) -> Response[Any]:
    """The answer in this form, once it stands in the audit that the reader has it."""
    file = answer_file(answer, form, visit.words, look)
    visit.noted("exported", file.name, **question_address(answer.question))
    return sent(file)


def question_of(name: str, asked: Asked, part: str, visit: Visit) -> Question:
    """The question that this part of the page asks."""
    if part not in PARTS:
        raise BadInput(f"No part {part!r}", where="in the address", nearest=nearest(part, PARTS), do=f"Parts: {', '.join(PARTS)}.")
    times = (TREND_PERIOD, asked.grain, "") if part == TREND else (asked.period_text, "", asked.against_text)
    return parse_question(name, asked.by, asked.where_text, *times, today=visit.desk.today())


def sent(file: File) -> Response[Any]:
    """The file as a response that a browser saves."""
    return Response(file.body, media_type=file.type, headers=file.headers())


def query_with(asked: Asked, **more: str) -> str:
    """The part of an address after “?” that asks for the same and for this."""
    query = asked.query()
    return f"{query}{'&' if query else '?'}{urlencode(more)}"


def file_address(measure: str, asked: Asked, part: str = WHOLE) -> str:
    """Where this part of a measure's page is had as a file; {form} stands for the ending."""
    return f"/measures/{measure}.{{form}}{query_with(asked, part=part) if part != WHOLE else asked.query()}"


def trend_address(measure: str, asked: Asked, key: Mapping[str, str | None]) -> str:
    """The trend of one group: the same filters and this group's values; of all groups where it has a value that is missing."""
    if any(value is None for value in key.values()):
        return file_address(measure, asked, TREND)
    here = {dimension: escaped(value) for dimension, value in key.items() if value is not None}
    return file_address(measure, replace(asked, by="", where={**asked.where, **here}), TREND)
