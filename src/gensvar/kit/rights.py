"""Rights and roles: what somebody may do, apart from which rows she may see (her scope). One registry for pages, API, commands and docs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from gensvar.kit.errors import BadInput, nearest
from gensvar.kit.language import phrase

Right = Literal[
    "open", "member", "answers", "voices", "rows", "note", "share", "label", "sources", "sources.change", "definitions.change", "topics.change",
    "people", "people.change", "keys", "audit", "settings", "house", "ingest",
]  # fmt: skip
RIGHTS: Mapping[Right, str] = {
    "open": phrase("be met without signing in"),
    "member": phrase("have an account of one's own"),
    "answers": phrase("see numbers, and take an answer or a report along"),
    "voices": phrase("read what people wrote"),
    "rows": phrase("take what people wrote along as a file"),
    "note": phrase("write notes on charts, save views and propose definitions"),
    "share": phrase("share saved views with everybody"),
    "label": phrase("label what people wrote, to check and to teach the models"),
    "sources": phrase("see sources, imports and what was set aside"),
    "sources.change": phrase("add sources, import files, repair what was set aside"),
    "definitions.change": phrase("settle definitions"),
    "topics.change": phrase("change topics, wanted words and what is redacted"),
    "people": phrase("see who may do what"),
    "people.change": phrase("invite people and change what they may do"),
    "keys": phrase("make and revoke API keys"),
    "audit": phrase("read and verify the audit"),
    "settings": phrase("see the settings in force"),
    "house": phrase("back up, export everything, stop work in hand"),
    "ingest": phrase("send signals in"),
}
EVERY: frozenset[Right] = frozenset(get_args(Right))


@dataclass(frozen=True, slots=True)
class Role:
    """name: as it is written in the ledger; title, says: what a reader calls it, and what it is for."""

    name: str
    title: str
    says: str
    rights: frozenset[Right]


def _role(name: str, title: str, says: str, *rights: Right) -> Role:
    return Role(name, title, says, frozenset({"open", "member", *rights}))


ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        _role("viewer", phrase("Viewer"), phrase("Sees the numbers that are hers to see."), "answers"),
        _role("contributor", phrase("Contributor"), phrase("Reads what people wrote, and adds what the team knows."), "answers", "voices", "note"),
        _role(
            "analyst",
            phrase("Analyst"),
            phrase("Works with answers and voices, and shares what she finds."),
            "answers",
            "voices",
            "rows",
            "note",
            "share",
            "label",
            "sources",
        ),
        _role(
            "owner",
            phrase("Data owner"),
            phrase("Answers for sources and definitions."),
            "answers",
            "voices",
            "rows",
            "note",
            "share",
            "label",
            "sources",
            "sources.change",
            "definitions.change",
            "topics.change",
        ),
        _role(
            "administrator",
            phrase("Administrator"),
            phrase("Decides who may do what, and keeps the house running."),
            *sorted(EVERY - {"ingest"}),
        ),
        _role(
            "auditor",
            phrase("Auditor"),
            phrase("Sees who did what, and who may; not what people answered."),
            "sources",
            "people",
            "audit",
            "settings",
        ),
    )
}
KEY_RIGHTS: Mapping[str, frozenset[Right]] = {
    "ingest": frozenset({"ingest"}),
    "read": frozenset({"answers", "voices", "rows", "sources"}),
    "admin": EVERY - {"member"},
}
"""What the kinds of API keys may do. A key is nobody's account."""


WRITTEN_FIRST: frozenset[Right] = frozenset({"voices", "rows", "label", "audit"})
"""Rights whose use is written down before anything is shown, at every door."""


def role_of(name: str) -> Role:
    """The role of this name; BadInput with the nearest otherwise."""
    if name not in ROLES:
        raise BadInput(f"No role {name!r}", nearest=nearest(name, ROLES), do=f"Roles: {', '.join(ROLES)}.")
    return ROLES[name]
