"""The forms an answer can be taken along in, and the file that each makes: one registry for pages, API and command line."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.language import phrase
from gensvar.measure.answer import Answer
from gensvar.serve.export.answers import about, about_table, answer_table
from gensvar.serve.export.pictures import PLAIN, Look, picture_png, picture_svg
from gensvar.serve.export.tables import as_csv, as_parquet, as_xlsx
from gensvar.serve.web.palette import MODES
from gensvar.serve.web.words import Words

NOT_IN_NAMES = re.compile(r"[^a-z0-9._-]+")
LONGEST_NAME = 120
SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-store"}


@dataclass(frozen=True, slots=True)
class File:
    """Something to take along. name: of letters, digits and . _ - alone, so that no header and no disk takes it for anything else."""

    name: str
    type: str
    body: bytes

    def headers(self) -> dict[str, str]:
        """Response headers: a browser saves it and never runs it."""
        return SAFE | {"Content-Disposition": f'attachment; filename="{self.name}"'}


@dataclass(frozen=True, slots=True)
class Form:
    """name: the ending of the file. make: from an answer, its reader's words, and the look of pictures."""

    name: str
    type: str
    title: str
    make: Callable[[Answer, Words, Look], bytes]


def _xlsx(answer: Answer, words: Words, _: Look) -> bytes:
    return as_xlsx({words("Answer"): answer_table(answer), words("About this answer"): about_table(answer)})


FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        Form("csv", "text/csv", "CSV", lambda a, _, __: as_csv(answer_table(a))),
        Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel", _xlsx),
        Form("parquet", "application/vnd.apache.parquet", "Parquet", lambda a, _, __: as_parquet(answer_table(a), about(a))),
        Form("png", "image/png", phrase("picture"), picture_png),
        Form("svg", "image/svg+xml", phrase("drawing"), lambda a, words, look: picture_svg(a, words, look).encode()),
    )
}


def form_of(name: str) -> Form:
    """The form with this ending; BadInput with the nearest otherwise."""
    ending = name.casefold().removeprefix(".")
    found = FORMS.get(ending)
    if found is None:
        raise BadInput(f"No form {ending!r}", nearest=nearest(ending, FORMS), do=f"Forms: {', '.join(FORMS)}.")
    return found


def answer_file(answer: Answer, form: Form, words: Words, look: Look = PLAIN) -> File:
    """The answer in this form. BadInput for a look that is neither light nor dark."""
    if look.mode not in MODES:
        raise BadInput(f"No mode {look.mode!r}", nearest=nearest(look.mode, MODES), do=f"Modes: {', '.join(MODES)}.")
    return File(file_name(name_parts(answer), form.name), form.type, form.make(answer, words, look))


def name_parts(answer: Answer) -> list[str]:
    """What tells this answer's file from another's: the measure, the cut, the filters, the days."""
    q = answer.question
    where = [f"{d}-{'-'.join(values) or 'none'}" for d, values in q.where.items()]
    days = [f"{q.period.first}_{q.period.last}"] if q.period else []
    return [q.measure, *(f"by-{d}" for d in q.by), *where, *([q.grain] if q.grain else []), *days]


def file_name(parts: list[str], ending: str) -> str:
    """A name that is safe in a header and on any disk.

    >>> file_name(["csat.delivery", "market-NO", 'a"b\\r\\nc'], "csv")
    'csat.delivery-market-no-a-b-c.csv'
    """
    plain = NOT_IN_NAMES.sub("-", "-".join(parts).casefold()).strip("-.")[:LONGEST_NAME].rstrip("-.")
    return f"{plain or 'gensvar'}.{ending}"


def split_ending(name: str) -> tuple[str, Form | None]:
    """A name and the form that its ending asks for, if it does: csat.delivery.csv is csat.delivery as CSV."""
    stem, dot, ending = name.rpartition(".")
    return (stem, FORMS[ending]) if dot and stem and ending in FORMS else (name, None)
