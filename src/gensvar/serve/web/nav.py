"""The rooms as they stand in the narrow list on the left: named by what people do, shown to those who may enter."""

from dataclasses import dataclass

from gensvar.kit.language import phrase
from gensvar.kit.rights import Right


@dataclass(frozen=True, slots=True)
class Entry:
    """room: what a view says of itself to be marked as the current one. key: its letter after “g”; keeps: a room where the house is kept."""

    room: str
    address: str
    title: str
    right: Right
    key: str = ""
    keeps: bool = False


NAV = (
    Entry("home", "/", phrase("Home"), "answers", "h"),
    Entry("measure", "/measures", phrase("Measure"), "answers", "m"),
    Entry("compare", "/compare", phrase("Compare"), "answers", "c"),
    Entry("why", "/why", phrase("Why"), "answers", "y"),
    Entry("journeys", "/journeys", phrase("Journeys"), "answers", "j"),
    Entry("changed", "/changed", phrase("What changed"), "answers", "f"),
    Entry("assumptions", "/assumptions", phrase("Assumptions"), "answers", "u"),
    Entry("voices", "/voices", phrase("Voices"), "voices", "v"),
    Entry("themes", "/themes", phrase("Themes"), "voices", "e"),
    Entry("topics", "/topics", phrase("Topics"), "answers", "o"),
    Entry("words", "/words", phrase("Our words"), "voices", "w"),
    Entry("needs", "/needs", phrase("Needs"), "voices", "n"),
    Entry("teams", "/teams", phrase("Teams"), "answers", "t"),
    Entry("sources", "/sources", phrase("Sources"), "sources", "s", keeps=True),
    Entry("set-aside", "/set-aside", phrase("Set aside"), "sources", "x", keeps=True),
    Entry("redaction", "/redaction", phrase("Redaction"), "sources", "b", keeps=True),
    Entry("definitions", "/definitions", phrase("Definitions"), "answers", "d", keeps=True),
    Entry("text-quality", "/text-quality", phrase("Text quality"), "answers", "q", keeps=True),
    Entry("people", "/people", phrase("People"), "people", "p", keeps=True),
    Entry("api-keys", "/api-keys", phrase("API keys"), "keys", "k", keeps=True),
    Entry("audit", "/audit", phrase("Audit"), "audit", "a", keeps=True),
    Entry("settings", "/settings", phrase("Settings"), "settings", "i", keeps=True),
)
