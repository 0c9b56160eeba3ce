"""The hand that looks for themes: each night and whenever somebody asks, in a child process that stands back for all else."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from gensvar import theming
from gensvar.house import House
from gensvar.kit.errors import GensvarError
from gensvar.serve.apart import Child
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import themes
from gensvar.text.themes import Search, search

log = logging.getLogger("gensvar.flow")
LEASE_S, LOOK_S, IDLE_S = 600.0, 1.0, 5.0
NICE = 15


class Finding:
    """step: looks for themes where it is time or somebody asked; how long to rest then."""

    def __init__(self, house: House, owner: str) -> None:
        self._house, self._owner = house, owner
        do = "It is made again tonight; tell us what the house holds."
        self._child = Child("The search for themes ended before it was done", do, NICE, IDLE_S)

    def step(self) -> float:
        jobs = self._house.ledger.jobs
        job = jobs.claim(self._owner, LEASE_S, [themes.JOB])
        if job is None and not theming.due(self._house):
            return LOOK_S
        try:
            found = theming.run(self._house, self.apart)
        except GensvarError as fault:
            if job is None:
                raise
            jobs.fail(job.id, str(fault))
            return LOOK_S
        log.info("themes: %s", {name: found[name] for name in ("why", "texts", "shown", "kept", "seconds") if name in found})
        if job is not None:
            jobs.finish(job.id, {name: value for name, value in found.items() if name != "weeks"})
        return LOOK_S

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


def look(desk: HouseDesk, _: Nothing) -> Mapping[str, Any]:
    """Looks for themes now, and answers when that is done."""
    finding = Finding(desk.house, desk.who)
    try:
        found = theming.run(desk.house, finding.apart)
    finally:
        finding.close()
    desk.house.ledger.audit.append(desk.who, "look for themes", "themes", {"texts": found["texts"]})
    return {name: value for name, value in found.items() if name != "weeks"}


def rename(desk: HouseDesk, p: Rename) -> themes.Told:
    themes.rename(desk, p.id, p.name)
    return themes.one(desk, p.id)


def hide(desk: HouseDesk, p: Hide) -> themes.Told:
    themes.hide(desk, p.id, hidden=p.hidden)
    return themes.one(desk, p.id)


def make_topic(desk: HouseDesk, p: MakeTopic) -> Mapping[str, str]:
    return {"topic": themes.make_topic(desk, p.id, p.name, p.language)}
