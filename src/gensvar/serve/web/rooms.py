"""Every room of the web, one line each: its pages and its forms."""

from gensvar.serve.web import (
    annotate,
    definitions_page,
    glossary_page,
    hub_pages,
    report_page,
    search_page,
    shortcuts_page,
    styleguide_page,
    views_page,
)
from gensvar.serve.web.visit import Form, Page

ROOMS = (hub_pages, report_page, annotate, views_page, definitions_page, glossary_page, search_page, shortcuts_page, styleguide_page)
PAGES: tuple[Page, ...] = tuple(page for room in ROOMS for page in room.PAGES)
FORMS: tuple[Form, ...] = tuple(form for room in ROOMS for form in room.FORMS)
