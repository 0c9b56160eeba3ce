"""One error tree. Every error says what is wrong, where, the nearest match, and what to do; its class fixes HTTP status and exit code.

GensvarError
├── BadInput (422, exit 2)            what was sent cannot be understood; nothing was stored
│   ├── ContractError                 a contract that cannot be used; lists all its faults at once
│   ├── SettingsError                 settings that cannot be used; lists all their faults at once
│   └── Unreadable                    a file that is not what it says it is
├── NotFound (404, exit 3)            no such source, measure, row or file; names the nearest
├── Conflict (409, exit 4)            it exists already, or somebody changed it meanwhile
├── InUse (409, exit 4)               another process holds the data folder
├── Unauthenticated (401, exit 5)     no key, or one that is unknown or expired
├── NotAllowed (403, exit 5)          a key without the right that this needs
├── TooLarge (413, exit 2)            more than one request or file may hold
├── TooMany (429, exit 6)             faster than this key may send
├── StorageFull (507, exit 7)         the disk is full; nothing was half-written
├── Unavailable (503, exit 8)         it cannot be answered now, but may be later
└── UnsupportedOnEngine (501, exit 9) this engine cannot do it; says which can
"""

import errno
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import ClassVar


class GensvarError(Exception):
    """what: one sentence. where: file, line, column, field. nearest: what was perhaps meant. do: the next step.

    faults: all, where there are several.
    """

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    title: ClassVar[str] = "Something in Gensvar is wrong"

    def __init__(self, what: str, *, where: str = "", nearest: str | None = None, do: str = "", faults: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.what, self.where, self.nearest, self.do, self.faults = what, where, nearest, do, tuple(faults)

    def __str__(self) -> str:
        """The sentences a person reads, in one order everywhere: what, where, nearest, do, then each fault on its own line."""
        head = self.what.rstrip(".") + (f", {self.where}" if self.where else "") + "."
        guess = f" Did you mean {self.nearest!r}?" if self.nearest else ""
        step = f" {self.do}" if self.do else ""
        return head + guess + step + "".join(f"\n  - {fault}" for fault in self.faults)


class BadInput(GensvarError):
    status, exit_code, title = 422, 2, "This cannot be understood"


class ContractError(BadInput):
    title = "The contract cannot be used"


class SettingsError(BadInput):
    title = "The settings cannot be used"


class Unreadable(BadInput):
    title = "The file cannot be read"


class NotFound(GensvarError):
    status, exit_code, title = 404, 3, "There is no such thing"


class Conflict(GensvarError):
    status, exit_code, title = 409, 4, "It is there already, or has changed"


class InUse(GensvarError):
    status, exit_code, title = 409, 4, "The data folder is in use"


class Unauthenticated(GensvarError):
    status, exit_code, title = 401, 5, "Who are you?"


class NotAllowed(GensvarError):
    status, exit_code, title = 403, 5, "Not allowed"


class TooLarge(GensvarError):
    status, exit_code, title = 413, 2, "Too large"


class TooMany(GensvarError):
    status, exit_code, title = 429, 6, "Too fast"


class StorageFull(GensvarError):
    status, exit_code, title = 507, 7, "The disk is full"


class Unavailable(GensvarError):
    status, exit_code, title = 503, 8, "Not now"


class UnsupportedOnEngine(GensvarError):
    status, exit_code, title = 501, 9, "This engine cannot do that"


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
NO_NAME = frozenset({errno.ENAMETOOLONG, errno.ELOOP})
NO_RIGHT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def of_system(broken: OSError) -> GensvarError | None:
    """What the operating system refused, in our words: no room, no right, no such file. None where it is anything else.

    >>> of_system(OSError(errno.ENOSPC, "No space left on device", "a.csv")).status
    507
    """
    where = str(broken.filename or "")
    if broken.errno in NO_ROOM:
        return StorageFull("No room left to write", where=where, do="Free some space, then do it again; what was accepted is safe.")
    if broken.errno in NO_RIGHT and where:
        return NotAllowed(f"The system does not let Gensvar use this: {broken.strerror}", where=where, do="Change its owner or its rights.")
    if broken.errno in NO_NAME:
        return BadInput(f"No file can be called that: {broken.strerror}", where=where[:100], do="Give another name.")
    if isinstance(broken, FileNotFoundError | NotADirectoryError | IsADirectoryError) and where:
        return NotFound(f"It cannot be opened: {broken.strerror}", where=where, do="Give the path of a file that is there.")
    return None


LONGEST_WORD = 200  # comparing takes time with the square of the length


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, or None when nothing is near.

    >>> nearest("scroe", ["score", "text"])
    'score'
    """
    if len(word) > LONGEST_WORD:
        return None
    by_folded = {k.casefold(): k for k in known}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None
