"""Every word of the index in one string, so that the words that hold another are found in milliseconds among millions."""

from collections.abc import Iterable, Iterator
from threading import Lock
from typing import Final

END: Final = "\n"
MOST_APART: Final = 10_000


class Vocabulary:
    """Words are added and never taken out: a word that no row has any longer finds no row."""

    def __init__(self, words: Iterable[str]) -> None:
        self._held = END + END.join(words) + END
        self._apart: set[str] = set()
        self._lock = Lock()

    def add(self, words: Iterable[str]) -> None:
        """Words that are not there yet."""
        with self._lock:
            self._apart |= set(words)
            if len(self._apart) > MOST_APART:
                self._held += END.join(self._apart) + END
                self._apart = set()

    def holding(self, part: str) -> Iterator[str]:
        """The words that have these letters somewhere, in no order.

        >>> sorted(Vocabulary(["leverans", "hemleverans", "lev"]).holding("leverans"))
        ['hemleverans', 'leverans']
        """
        with self._lock:
            held, apart = self._held, [word for word in self._apart if part in word]
        yield from apart
        at = held.find(part)
        while at >= 0:
            end = held.index(END, at)
            yield held[held.rindex(END, 0, at) + 1 : end]
            at = held.find(part, end)
