"""Every room of the web, one line each: its pages and its forms."""

from gensvar.serve.web import (
    account_page,
    annotate,
    api_keys_page,
    audit_page,
    compare_page,
    definitions_page,
    glossary_page,
    guide,
    hub_pages,
    people_page,
    redaction_page,
    report_page,
    search_page,
    settings_page,
    shortcuts_page,
    sign_in_page,
    styleguide_page,
    team_page,
    views_page,
    voice_page,
    voices_page,
    welcome_page,
)
from gensvar.serve.web.visit import Form, Page

ROOMS = (
    hub_pages,
    compare_page,
    team_page,
    voices_page,
    voice_page,
    audit_page,
    report_page,
    annotate,
    views_page,
    definitions_page,
    glossary_page,
    guide,
    search_page,
    shortcuts_page,
    styleguide_page,
    redaction_page,
    settings_page,
    account_page,
    api_keys_page,
    people_page,
    sign_in_page,
    welcome_page,
)
PAGES: tuple[Page, ...] = tuple(page for room in ROOMS for page in room.PAGES)
FORMS: tuple[Form, ...] = tuple(form for room in ROOMS for form in room.FORMS)
