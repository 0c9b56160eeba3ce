"""Themes: what was found in texts beside the topics, each under an id that stays from run to run, and the history of the runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import RowMapping, delete, insert, select, update

from gensvar.kit.errors import NotFound
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import THEME_RUNS, THEMES

ThemeState = Literal["new", "growing", "steady", "fading", "gone"]
WHOLE = "house"  # the scope of a run: so far always every audience that is not protected


@dataclass(frozen=True, slots=True)
class Theme:
    """name: the one that a person gave it, or empty. body: what the run found of it. centre: packed vector. seen_at: the last run that found it."""

    id: str
    found_at: datetime
    seen_at: datetime
    state: ThemeState
    name: str
    body: Mapping[str, Any]
    centre: bytes


@dataclass(frozen=True, slots=True)
class ThemeRun:
    """One search for themes, and what came of it."""

    id: int
    at: datetime
    body: Mapping[str, Any] = field(default_factory=dict)


class Themes(Part):
    def keep(self, themes: Sequence[Theme], run: Mapping[str, Any]) -> int:
        """Puts these in the place of all that there were, and the run into the history, together; the run's number.

        What a person said of a theme while the run went on is kept: a name, that it is hidden, the topic that it became.
        """
        with self._db.write() as conn:
            said = {row.id: (row.name, dict(row.body)) for row in conn.execute(select(THEMES.c.id, THEMES.c.name, THEMES.c.body))}
            conn.execute(delete(THEMES))
            if themes:
                conn.execute(insert(THEMES), [_row(theme, *said.get(theme.id, (theme.name, theme.body))) for theme in themes])
            row = {"at": self._now(), "scope": WHOLE, "body": dict(run)}
            return int(conn.execute(insert(THEME_RUNS).values(row).returning(THEME_RUNS.c.id)).scalar_one())

    def refuse(self, run: Mapping[str, Any]) -> None:
        """Keeps that a search could not be made, in the place of the last one where that could not be made either; the themes stay."""
        with self._db.write() as conn:
            last = conn.execute(select(THEME_RUNS.c.id, THEME_RUNS.c.body).order_by(THEME_RUNS.c.id.desc()).limit(1)).first()
            if last is not None and "why" in last.body:
                conn.execute(delete(THEME_RUNS).where(THEME_RUNS.c.id == last.id))
            conn.execute(insert(THEME_RUNS).values(at=self._now(), scope=WHOLE, body=dict(run)))

    def all(self) -> list[Theme]:
        """Every theme, gone and hidden ones too, by when it was found."""
        with self._db.read() as conn:
            return [_theme(row) for row in conn.execute(select(THEMES).order_by(THEMES.c.found_at, THEMES.c.id)).mappings()]

    def get(self, name: str) -> Theme:
        """NotFound where there is none with this id."""
        with self._db.read() as conn:
            row = conn.execute(select(THEMES).where(THEMES.c.id == name)).mappings().first()
        if row is None:
            raise NotFound(f"No theme {name!r}", do="The page Themes lists those that there are.")
        return _theme(row)

    def rename(self, theme: str, name: str) -> None:
        """Calls it by a name of the house's own; by its own words again where the name is empty."""
        self.get(theme)
        with self._db.write() as conn:
            conn.execute(update(THEMES).where(THEMES.c.id == theme).values(name=name))

    def mark(self, theme: str, **said: object) -> None:
        """Keeps what a person said of it: hidden=True, topic="delivery.lockers"."""
        with self._db.write() as conn:
            body = conn.scalar(select(THEMES.c.body).where(THEMES.c.id == theme))
            if body is None:
                raise NotFound(f"No theme {theme!r}", do="The page Themes lists those that there are.")
            conn.execute(update(THEMES).where(THEMES.c.id == theme).values(body={**body, **said}))

    def runs(self, most: int = 30) -> list[ThemeRun]:
        """The latest runs, newest first."""
        what = select(THEME_RUNS.c.id, THEME_RUNS.c.at, THEME_RUNS.c.body).order_by(THEME_RUNS.c.id.desc()).limit(most)
        with self._db.read() as conn:
            return [ThemeRun(row.id, row.at, row.body) for row in conn.execute(what)]


SAID = ("hidden", "topic")


def _row(theme: Theme, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: body[key] for key in SAID if key in body}
    return {
        "id": theme.id, "found_at": theme.found_at, "seen_at": theme.seen_at, "state": theme.state, "name": name,
        "body": {**theme.body, **kept}, "centre": theme.centre,
    }  # fmt: skip


def _theme(row: RowMapping) -> Theme:
    return Theme(row["id"], row["found_at"], row["seen_at"], cast("ThemeState", row["state"]), row["name"], row["body"], row["centre"])
