"""The labelled set of redaction: lines with ⟦kind:what points at a person⟧, half of it held out by hash, and how a redactor does on it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha1
from pathlib import Path

from gensvar.text.redact import Redactor, Span

FOLDER = Path(__file__).parent / "redaction"
MARK = re.compile(r"⟦(\w+\??):(.*?)⟧", re.DOTALL)
PUNCTUATION = " \n.,;:!?/-–()"


@dataclass(frozen=True, slots=True)
class Line:
    """marked: as it is written in the file; spans: what is to be found; perhaps: names without any word that announces them."""

    language: str
    marked: str
    text: str
    spans: tuple[Span, ...]
    perhaps: tuple[Span, ...]

    @property
    def held_out(self) -> bool:
        return int(sha1(self.marked.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 1


def read(language: str, marked: str) -> Line:
    marked = marked.replace("\\n", "\n")
    spans: list[Span] = []
    perhaps: list[Span] = []
    text, last = "", 0
    for found in MARK.finditer(marked):
        text += marked[last : found.start()]
        span = Span(len(text), len(text) + len(found[2]), found[1].rstrip("?"))
        (perhaps if found[1].endswith("?") else spans).append(span)
        text += found[2]
        last = found.end()
    return Line(language, marked, text + marked[last:], tuple(spans), tuple(perhaps))


@lru_cache(1)
def lines() -> tuple[Line, ...]:
    return tuple(read(path.stem, line) for path in sorted(FOLDER.glob("*.txt")) for line in path.read_text("utf-8").splitlines() if line)


@dataclass(slots=True)
class Score:
    """hit: labels found; missed: not found; false: found although nothing is labelled there."""

    hit: int = 0
    missed: int = 0
    false: int = 0

    @property
    def precision(self) -> float:
        return self.hit / (self.hit + self.false) if self.hit + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else 1.0


def _same(found: Span, label: Span, text: str) -> bool:
    """Whether they are the same stretch of the text but for punctuation at its ends."""
    return found.kind == label.kind and _bare(found, text) == _bare(label, text)


def _bare(span: Span, text: str) -> tuple[int, int]:
    said = text[span.start : span.end]
    left = len(said) - len(said.lstrip(PUNCTUATION))
    return span.start + left, span.start + len(said.rstrip(PUNCTUATION))


def judged(line: Line, redactor: Redactor) -> Iterator[tuple[str, str, str]]:
    """(kind, "hit" or "missed" or "false", what it is about). A label counts as found only where the very same stretch was."""
    spans = redactor.spans(line.text)
    for label in line.spans:
        how = "hit" if any(_same(s, label, line.text) for s in spans) else "missed"
        yield label.kind, how, line.text[label.start : label.end]
    for span in spans:
        if not any(_same(span, label, line.text) for label in (*line.spans, *line.perhaps)):
            yield span.kind, "false", line.text[span.start : span.end]
    for label in line.perhaps:
        how = "hit" if any(_same(s, label, line.text) for s in spans) else "missed"
        yield "bare name", how, line.text[label.start : label.end]


def scores(of: Iterable[Line], redactor: Redactor) -> dict[tuple[str, str], Score]:
    """(kind, language) → how it went."""
    found: dict[tuple[str, str], Score] = {}
    for line in of:
        for kind, how, _ in judged(line, redactor):
            score = found.setdefault((kind, line.language), Score())
            setattr(score, how, getattr(score, how) + 1)
    return found


def counted(of: Iterable[Line]) -> Counter[str]:
    return Counter(span.kind for line in of for span in line.spans)
