"""The log: one entry a line, in UTC, and nobody who sends something writes an entry of his own."""

import io
import logging
import re

from hypothesis import given
from hypothesis import strategies as st

from gensvar.serve.logs import OneLine, plain

ENTRY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [A-Z]+ \S+ ")
FORGED = "x\n2026-11-01T00:00:00Z INFO gensvar all is well"


def written(message: str, *args: object, fault: Exception | None = None) -> str:
    """What one entry looks like in the log."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(OneLine())
    handler.handle(
        logging.LogRecord("gensvar.test", logging.ERROR, "", 0, message, args, (type(fault), fault, fault.__traceback__) if fault else None)
    )
    return out.getvalue()


def raised(message: str) -> ValueError:
    """A fault as it is caught, with where it came from."""
    try:
        int(message)
    except ValueError as fault:
        return fault
    raise AssertionError


def test_an_entry_says_when_in_utc_how_bad_and_where() -> None:
    record = logging.LogRecord("gensvar.test", logging.WARNING, "", 0, "said", (), None)
    record.created = 1_793_534_400.5
    assert OneLine().format(record) == "2026-11-01T12:00:00Z WARNING gensvar.test said"


def test_what_was_sent_cannot_begin_a_line() -> None:
    lines = written("fault at %s", FORGED).splitlines()
    assert len(lines) == 1
    assert "\\n2026-11-01" in lines[0]


def test_a_traceback_stands_below_and_looks_like_no_entry() -> None:
    lines = written("fault", fault=raised(FORGED)).splitlines()
    assert len(lines) > 2
    assert ENTRY.match(lines[0])
    assert all(line.startswith("    ") for line in lines[1:])
    assert "ValueError" in lines[-1]


@given(st.text())
def test_nothing_that_is_left_ends_a_line(text: str) -> None:
    assert len(plain(f"a{text}b").splitlines()) == 1
    assert plain("".join(c for c in text if c.isprintable())) == "".join(c for c in text if c.isprintable())


def test_words_of_other_letters_stay_as_they_are() -> None:
    assert plain("åäö “ß” 🙂") == "åäö “ß” 🙂"
