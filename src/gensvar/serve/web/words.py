"""The words that pages use of measures, groups, moves and missing numbers, in one language."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from markupsafe import Markup

from gensvar.kit.language import translator
from gensvar.measure.answer import Group, Hidden, NotComparable, TooFew, Verdict
from gensvar.measure.say import value_name

Tone = Literal["better", "worse", "none"]
Mark = Literal["rose", "fell", "same", "unknown", "none"]
LANGUAGES = {"sv": "Svenska", "nb": "Norsk", "da": "Dansk", "fi": "Suomi", "en": "English"}
BY_NAMES = {
    "market": "by market", "segment": "by segment", "channel": "by channel", "journey": "by journey", "touchpoint": "by touchpoint",
    "product": "by product", "unit": "by unit",
}  # fmt: skip
MARKS: dict[str, Mark] = {"rose": "rose", "fell": "fell", "no visible change": "same", "cannot tell": "unknown"}
MARK_NAMES: dict[Mark, str] = {"rose": "rose", "fell": "fell", "same": "no visible change", "unknown": "cannot tell", "none": "no comparison"}
FOLLOWED, HELD = re.compile(r"\{(\w+)\}([,.;:?!]+)"), Markup('<span class="held">{}{}</span>')


@dataclass(frozen=True, slots=True)
class Words:
    """Call it with an English phrase, and its values, to have the phrase in this language."""

    language: str

    def __call__(self, phrase: str, **values: object) -> str:
        return translator(self.language)(phrase, **values)

    def filled(self, phrase: str, **values: str) -> Markup:
        """The phrase with pieces of the page in its places; what is plain text is escaped, and no sign after a choice begins a line."""
        said, pieces = self(phrase), {name: value.strip() for name, value in values.items()}
        for name, sign in FOLLOWED.findall(said):
            if "<select" in pieces[name]:
                said, pieces[name] = said.replace(f"{{{name}}}{sign}", f"{{{name}}}"), HELD.format(pieces[name], sign)
        return Markup("{}").format(said).format(**pieces)

    def many(self, one: str, more: str, n: int, **values: object) -> str:
        """The phrase for n, with n written into {n} in the reader's locale, and the other values into their places."""
        return translator(self.language).ngettext(one, more, n, **values)

    def number(self, value: float, digits: int = 0) -> str:
        return translator(self.language).number(value, digits)

    def day(self, day: date) -> str:
        return translator(self.language).day(day)

    def value(self, dimension: str, value: str | None) -> str:
        """A dimension's value as a reader says it: markets that are countries by their name, a missing one as not stated."""
        return value_name(dimension, value or None, translator(self.language))

    def by(self, dimension: str) -> str:
        """The title of a cut: By market."""
        title = self(BY_NAMES[dimension])
        return title[:1].upper() + title[1:]

    def group(self, g: Group, *, versioned: bool = False) -> str:
        """A group's name: the values of its key, or the whole; with the measure's version where the answer has several."""
        name = " · ".join(self.value(d, v) for d, v in g.key.items()) or self("all answers")
        return f"{name} (v{g.measure.version})" if versioned else name

    def no_number(self, verdict: Verdict) -> str:
        """Why there is no number, and what it takes."""
        match verdict:
            case TooFew(n, least):
                return self.many("{n} answer; {least} are needed", "{n} answers; {least} are needed", n, least=self.number(least))
            case Hidden():
                return self("hidden: too few people to stay unknown")
            case NotComparable():
                return self("not comparable: another wording or scale")
            case _:
                return ""

    def mark(self, g: Group) -> Mark:
        """The verdict mark of a group's change: by shape, before any colour."""
        return "none" if g.change is None else MARKS[g.change.move]

    def tone(self, g: Group) -> Tone:
        """Whether a visible change is for the better or the worse; none where nothing is visible."""
        if g.change is None or g.change.move not in {"rose", "fell"}:
            return "none"
        return "better" if (g.change.move == "rose") == (g.measure.better == "up") else "worse"

    def mark_name(self, mark: Mark) -> str:
        return self(MARK_NAMES[mark])
