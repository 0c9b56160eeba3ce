"""The hand that looks for themes: each night and whenever somebody asks, in a child process that stands back for all else."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from gensvar import theming
from gensvar.house import House
from gensvar.ledger import Job
from gensvar.serve.apart import Child
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import themes
from gensvar.serve.working import Asked, Told, ask, begin, latest, work, work_here
from gensvar.text.themes import Search, search

log = logging.getLogger("gensvar.flow")
LOOK_S, IDLE_S = 1.0, 5.0
NICE = 15
TOLD = ("why", "texts", "shown", "kept", "seconds")


class Finding:
    """step: looks for themes where it is time or somebody asked; how long to rest then."""

    def __init__(self, house: House, owner: str, stopping: Callable[[], bool]) -> None:
        self._house, self._owner, self._stopping = house, owner, stopping
        self._child = Child("The search for themes ended before it was done", "It is made again later; tell us what the house holds.", NICE, IDLE_S)

    def step(self) -> float:
        if self._is_time():
            begin(self._house, themes.LOOKING)
        work(self._house, self._owner, themes.LOOKING, self._look, self._stopping)
        return LOOK_S

    def _is_time(self) -> bool:
        """A search that failed or was stopped is not begun again at once."""
        last, now = latest(self._house, themes.LOOKING), self._house.clock.now()
        rested = last is None or (last.ended_at is not None and now - last.ended_at > theming.AGAIN)
        return rested and theming.due(self._house)

    def _look(self, _: Job, told: Told) -> Mapping[str, Any]:
        found = themes.look(self._house, told, self.apart)
        log.info("themes: %s", {name: found[name] for name in TOLD if name in found})
        return found

    def close(self) -> None:
        self._child.close()

    def apart(self, texts: Sequence[str], languages: Sequence[str], vectors: Sequence[bytes]) -> Search:
        return self._child.run(search, texts, languages, vectors)


# ── what the operations take and give ──


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Takes nothing."""


class OfTheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """id: of the theme, as the list gives it."""

    id: str


class Rename(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """id: of the theme. name: the house's own; empty: its words again."""

    id: str
    name: str = ""


class Hide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """id: of the theme. hidden: false takes it out again."""

    id: str
    hidden: bool = True


class MakeTopic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """id: of the theme. name: of the topic, in `language` (sv, nb, da, fi, en …)."""

    id: str
    name: str
    language: str = "en"


def standing(desk: HouseDesk, _: Nothing) -> themes.Themes:
    """The themes within the caller's scope, new and growing first."""
    return themes.themes(desk)


def one(desk: HouseDesk, p: OfTheme) -> themes.Told:
    return themes.one(desk, p.id)


def asked(desk: HouseDesk, _: Nothing) -> dict[str, int]:
    """The job that looks for themes."""
    return {"job": ask(desk.house, desk.who, themes.LOOKING)}


def how_far(desk: HouseDesk, _: Nothing) -> Asked | None:
    """How the latest search is doing, and what came of it where the caller sees the whole house."""
    return themes.asked_last(desk)


def look_here(desk: HouseDesk, beside: Told) -> Asked:
    """For a house that no server holds."""
    return work_here(desk.house, desk.who, themes.LOOKING, lambda _, told: themes.look(desk.house, told), beside)


def rename(desk: HouseDesk, p: Rename) -> themes.Told:
    themes.rename(desk, p.id, p.name)
    return themes.one(desk, p.id)


def hide(desk: HouseDesk, p: Hide) -> themes.Told:
    themes.hide(desk, p.id, hidden=p.hidden)
    return themes.one(desk, p.id)


def make_topic(desk: HouseDesk, p: MakeTopic) -> Mapping[str, str]:
    return {"topic": themes.make_topic(desk, p.id, p.name, p.language)}
