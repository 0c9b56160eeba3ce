"""Settings: what is in force, what it means and where it came from; and whether the house is well."""

from collections.abc import Mapping
from dataclasses import dataclass

from gensvar.kit.language import phrase
from gensvar.kit.origins import Origin, origins
from gensvar.kit.settings import SETTINGS, Settings
from gensvar.ledger.migrations import HEAD
from gensvar.serve import doctor
from gensvar.serve.desk import HouseDesk
from gensvar.serve.web.meanings import AUDIENCES
from gensvar.serve.web.render import View
from gensvar.serve.web.visit import Form, Page, Visit
from gensvar.serve.web.words import LANGUAGES, Words

ORIGINS: Mapping[Origin, str] = {
    "flag": phrase("given when it was started"),
    "environment": phrase("from the environment"),
    "file": phrase("from gensvar.toml"),
    "default": phrase("as it comes"),
}
HEALTH = {"fine": phrase("fine"), "notice": phrase("worth a look"), "broken": phrase("broken")}


@dataclass(frozen=True, slots=True)
class SettingView:
    """value: as text, a secret masked; empty where nothing is set."""

    name: str
    value: str
    says: str
    origin: str
    env: str


@dataclass(frozen=True, slots=True)
class Health:
    what: str
    state: str
    state_name: str
    do: str


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """anonymous: protected audience → the fewest people behind a number about it."""

    headline: str
    health: tuple[Health, ...]
    settings: tuple[SettingView, ...]
    anonymous: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, str], ...]
    versions: str
    ledger: str


def settings_page(settings: Settings, found: list[dict[str, str]], words: Words, where: Mapping[str, Origin] | None = None) -> SettingsPage:
    """found: what the doctor saw."""
    health = tuple(Health(f["what"], f["state"], words(HEALTH[f["state"]]), f["do"]) for f in found)
    amiss = sum(h.state != "fine" for h in health)
    headline = words.many("One thing is worth a look.", "{n} things are worth a look.", amiss) if amiss else words("The house is well.")
    came, shown = where or origins(settings), settings.shown()
    return SettingsPage(
        headline=headline,
        health=tuple(sorted(health, key=lambda h: h.state == "fine")),
        settings=tuple(SettingView(s.name, _plain(shown[s.name]), words(s.help), words(ORIGINS[came[s.name]]), s.env) for s in SETTINGS),
        anonymous=tuple((words(AUDIENCES[name][0]), least) for name, least in settings.anonymous),
        languages=tuple(LANGUAGES.items()),
        versions=doctor.versions(),
        ledger=HEAD,
    )


def _plain(value: str) -> str:
    return "" if value == "None" else value


def page(visit: Visit) -> View:
    settings, language = visit.house.settings, visit.words.language
    found = doctor.examine_running(settings, HouseDesk(visit.house, visit.scope).status(), visit.desk.silent(), language)
    return View("settings.html", settings_page(settings, found, visit.words), "settings")


PAGES = (Page("/settings", "settings", page, "/settings"),)
FORMS: tuple[Form, ...] = ()
