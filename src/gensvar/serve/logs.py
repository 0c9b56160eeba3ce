"""How the server's log is written: to standard error, one entry a line, in UTC; what somebody sent cannot begin a line of its own."""

import logging
import re
import time
from typing import Any

FORM, MOMENT = "%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
BELOW = "\n    "


class OneLine(logging.Formatter):
    """An entry's own line holds no control character; a traceback stands below it, indented, so that no line of it looks like an entry."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__(FORM, MOMENT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the library's name)
        return plain(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 (the library's name)
        lines = super().formatException(ei).split("\n")
        return "    " + BELOW.join(plain(line) for line in lines)


def plain(text: str) -> str:
    """The text with each control character written out.

    >>> plain("a\\nb")
    'a\\\\nb'
    """
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def begin_logging() -> None:
    """Warnings of every library and what Gensvar tells, to standard error. Called once, by the server."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine())
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("gensvar").setLevel(logging.INFO)
