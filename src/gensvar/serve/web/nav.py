"""The rooms as they stand in the narrow list on the left: named by what people do, shown to those who may enter."""

from dataclasses import dataclass

from gensvar.kit.language import phrase
from gensvar.kit.rights import Right


@dataclass(frozen=True, slots=True)
class Entry:
    """room: what a view says of itself to be marked as the current one."""

    room: str
    address: str
    title: str
    right: Right


NAV = (
    Entry("home", "/", phrase("Home"), "answers"),
    Entry("measure", "/measures", phrase("Measure"), "answers"),
    Entry("sources", "/sources", phrase("Sources"), "sources"),
    Entry("set-aside", "/set-aside", phrase("Set aside"), "sources"),
    Entry("definitions", "/definitions", phrase("Definitions"), "answers"),
)
