"""How far the index of texts is: which day of the hub it holds as it stands, which it is behind on. Everything here can be lost and made anew."""

import json
import logging
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import RLock
from typing import Final

from gensvar.index.meaning import MeaningIndex
from gensvar.index.words import WordIndex

log = logging.getLogger("gensvar.index")
VERSION: Final = 1
STATE: Final = "state.json"

Mark = tuple[int, int]
"""Of a day of the hub: how many texts, and a number that changes when any of them does."""


@dataclass(slots=True)
class _State:
    """epoch: of the hub, as it was when the days behind were last known; -1 for never. held: day → its mark when it was read. behind: day → turn."""

    epoch: int = -1
    held: dict[date, Mark] = field(default_factory=dict)
    behind: dict[date, int] = field(default_factory=dict)


class TextIndex:
    """The files in a folder, opened when they are first needed. A folder that cannot be read is thrown away: the hub has all that it held."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = RLock()
        self._state: _State | None = None
        self._words: WordIndex | None = None
        self._meaning: MeaningIndex | None = None
        self._turn = 0

    @property
    def there(self) -> bool:
        """Whether there is one, finished or not."""
        return (self._folder / STATE).is_file()

    @property
    def words(self) -> WordIndex:
        with self._lock:
            if self._words is None:
                self._words = self._opened()
            return self._words

    @property
    def meaning(self) -> MeaningIndex:
        with self._lock:
            if self._meaning is None:
                self._meaning = MeaningIndex(self._folder / "meaning")
            return self._meaning

    def _opened(self) -> WordIndex:
        folder = self._folder / f"words-{VERSION}"
        try:
            return WordIndex(folder)
        except (ValueError, OSError):
            log.warning("the index of words cannot be read; it is made anew")
            self.forget()
            return WordIndex(folder)

    def forget(self) -> None:
        """Throws everything away."""
        with self._lock:
            self._words, self._meaning, self._state = None, None, None
            shutil.rmtree(self._folder, ignore_errors=True)

    # ── how far it is ──

    def behind(self, epoch: int) -> frozenset[date] | None:
        """The days that the index does not hold as they stand in the hub of this epoch; None where that is not known."""
        with self._lock:
            if not self.there:
                return None
            words, state = self.words, self._read()
            if words.rows < sum(n for day, (n, _) in state.held.items() if day not in state.behind):
                log.warning("the index of words has lost rows; it is made anew")
                self.forget()
                return None
            return frozenset(state.behind) if state.epoch == epoch else None

    def touch(self, days: Iterable[date], before: int, after: int) -> None:
        """The hub went from one epoch to the next, and only these days changed. Does nothing where there is no index, or it missed an epoch."""
        with self._lock:
            if not self.there or self._read().epoch != before:
                return
            self._wait_for(days)
            self._read().epoch = after
            self._write()

    def surveyed(self, epoch: int, marks: Mapping[date, Mark]) -> None:
        """What the days of the hub were like in this epoch, seen at once: those that differ from what is held are behind."""
        with self._lock:
            state = self._read()
            self._wait_for({*marks, *state.held} - {day for day, mark in marks.items() if state.held.get(day) == mark})
            state.epoch = epoch
            self._write()

    def turn(self) -> int:
        """A number that every later touch is above."""
        with self._lock:
            return self._turn

    def caught_up(self, marks: Mapping[date, Mark | None], turn: int) -> None:
        """These days are held as they were after that turn; None for one that has no texts. One touched meanwhile stays behind."""
        with self._lock:
            state = self._read()
            for day, mark in marks.items():
                if state.behind.get(day, 0) <= turn:
                    state.behind.pop(day, None)
                if mark is None:
                    state.held.pop(day, None)
                else:
                    state.held[day] = mark
            self._write()

    def _wait_for(self, days: Iterable[date]) -> None:
        self._turn += 1
        self._read().behind |= dict.fromkeys(days, self._turn)

    def _read(self) -> _State:
        if self._state is None:
            self._state = _stored(self._folder / STATE)
        return self._state

    def _write(self) -> None:
        state = self._read()
        told = {
            "version": VERSION,
            "epoch": state.epoch,
            "held": {day.isoformat(): mark for day, mark in state.held.items()},
            "behind": [day.isoformat() for day in state.behind],
        }
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{STATE}.part"
        part.write_text(json.dumps(told), "ascii")
        part.replace(self._folder / STATE)


def _stored(path: Path) -> _State:
    """What was written; nothing where it cannot be read, so that every day is looked at anew."""
    try:
        told = json.loads(path.read_text("ascii"))
        if told["version"] != VERSION:
            return _State()
        held = {date.fromisoformat(day): (int(n), int(mark)) for day, (n, mark) in told["held"].items()}
        return _State(int(told["epoch"]), held, dict.fromkeys(map(date.fromisoformat, told["behind"]), 0))
    except (OSError, ValueError, KeyError, TypeError):
        return _State()
