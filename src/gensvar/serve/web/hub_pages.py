"""The pages of the hub itself: Home, measures, sources with their drafts and imports, and what was set aside."""

from typing import Any

from litestar import Response

from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.serve.web import forms
from gensvar.serve.web.annotate import notes_for
from gensvar.serve.web.asked import read_asked
from gensvar.serve.web.files_page import asked_file, measure_file
from gensvar.serve.web.measure_page import measure_page
from gensvar.serve.web.measures_page import measures_page
from gensvar.serve.web.render import View
from gensvar.serve.web.set_aside_page import STATES, repair_page, set_aside_page
from gensvar.serve.web.sources_page import draft, import_page, one_source, sources_page
from gensvar.serve.web.visit import Page, Visit, whole_number


def home(visit: Visit) -> Response[Any]:
    return visit.pages.front(visit)


def measures(visit: Visit) -> View:
    return View("measures.html", measures_page(visit.desk, visit.words), "measure")


def measure(visit: Visit) -> View | Response[Any]:
    name, form = asked_file(visit.desk, visit.named("name"))
    if form is not None:
        return measure_file(visit, name, form)
    page = measure_page(visit.desk, name, read_asked(visit.query), visit.words, notes_for(visit))
    return View("measure.html", page, "measure")


def sources(visit: Visit) -> View:
    return View("sources.html", sources_page(visit.desk, visit.words, visit.reader.zone), "sources")


def source(visit: Visit) -> View:
    name = visit.named("name")
    found = one_source(visit.desk, name, visit.words, visit.reader.zone)
    if found is None:
        known = [s.name for s in visit.desk.sources()]
        raise NotFound(f"No source {name!r}", nearest=nearest(name, known), do="The Sources page lists them.")
    return View("source.html", found, "sources")


def drafted(visit: Visit) -> View:
    upload = visit.named("upload")
    path = visit.pages.uploads.path(upload)
    suggested = visit.desk.suggest(path, visit.query.get("source", ""))
    return View("draft.html", draft(upload, path.name, suggested, visit.words), "sources")


def job(visit: Visit) -> View:
    return View("import.html", import_page(visit.desk.job(visit.named("job")), visit.words), "sources")


def set_aside(visit: Visit) -> View:
    query = visit.query
    state = query.get("state", "open")
    if state not in STATES:
        raise BadInput(f"No state {state!r}", nearest=nearest(state, STATES), do=f"States: {', '.join(STATES)}.")
    after = whole_number(query.get("after", "0"))
    page = set_aside_page(visit.desk, query.get("source", ""), query.get("reason", ""), state, after, visit.words, visit.reader.zone)
    return View("set_aside.html", page, "set-aside", extra={"said": forms.said(query, visit.words)})


def repair(visit: Visit) -> View:
    page = repair_page(visit.desk, visit.numbered("row"), visit.words, visit.reader.zone)
    return View("repair.html", page, "set-aside", extra={"said": forms.said(visit.query, visit.words)})


PAGES = (
    Page("/", "answers", home, "/"),
    Page("/measures", "answers", measures, "/measures"),
    Page("/measures/{name:str}", "answers", measure, "/measures/csat.delivery?by=market"),
    Page("/sources", "sources", sources, "/sources"),
    Page("/sources/{name:str}", "sources", source, "/sources/delivery"),
    Page("/drafts/{upload:str}", "sources.change", drafted),
    Page("/imports/{job:str}", "sources", job),
    Page("/set-aside", "sources", set_aside, "/set-aside"),
    Page("/set-aside/{row:str}", "sources.change", repair),
)
FORMS = forms.FORMS
