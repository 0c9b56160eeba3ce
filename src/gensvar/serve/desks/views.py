"""Saved views: a question in the address, kept under a name. What is kept is a page of this house with filters it knows, and nothing else."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from gensvar.house import House
from gensvar.kit.errors import BadInput, nearest
from gensvar.ledger import SavedView
from gensvar.measure.resolve import ASKABLE
from gensvar.serve.web.asked import KNOWN

LONGEST_NAME, LONGEST_ADDRESS = 120, 2000
FILTERS = KNOWN - {"lang"}
SAVED: Mapping[str, frozenset[str]] = {
    r"/": FILTERS,
    r"/measures/[a-z0-9_.]+(@[0-9]+)?": FILTERS,
    r"/compare/[a-z0-9_.]+(@[0-9]+)?": FILTERS | {"rows", "columns", "each"},
    r"/voices": frozenset({*ASKABLE, "q", "measure", "score", "period", "sort", "said", "unnamed", "by", "like"}),
    r"/teams(/(?!\.+$)[^/\\]+)?": FILTERS | {"dimension"},
}
"""Form of a page's path → the filters that it knows. Only these can be kept."""
UNSEEN = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def checked_address(address: str) -> str:
    """The address as it is kept: its path, then its known filters. BadInput for another site's, another page's, or a filter that is not known."""
    try:
        parts = urlsplit(address)
        given = parse_qsl(parts.query, keep_blank_values=False, strict_parsing=False, max_num_fields=100)
    except ValueError as wrong:
        raise _refused(address) from wrong
    if len(address) > LONGEST_ADDRESS or UNSEEN.search(address) or parts.scheme or parts.netloc or address[1:2] in {"/", "\\"}:
        raise _refused(address)
    known = next((names for form, names in SAVED.items() if re.fullmatch(form, parts.path)), None)
    if known is None:
        raise _refused(address)
    for name, _ in given:
        if name not in known and name != "lang":
            raise BadInput(f"No filter {name!r}", nearest=nearest(name, known), do=f"Filters: {', '.join(sorted(known))}.")
    kept = urlencode([(name, value) for name, value in given if name in known])
    return parts.path + (f"?{kept}" if kept else "")


def _refused(address: str) -> BadInput:
    return BadInput(f"This address cannot be saved: {address[:100]!r}", do="Save a view from its own page.")


def checked_name(name: str) -> str:
    """The name on one line. BadInput where it is empty or too long."""
    said = " ".join(name.split())
    if not said or len(said) > LONGEST_NAME:
        raise BadInput("A view needs a name", do=f"Write 1 to {LONGEST_NAME} characters.")
    return said


def save(house: House, who: str, member: int, name: str, address: str, *, shared: bool) -> int:
    """The view's number."""
    number = house.ledger.views.add(checked_name(name), checked_address(address), member, shared=shared)
    house.ledger.audit.append(who, "save view", f"view {number}", {"address": checked_address(address), "shared": shared})
    return number


def seen_by(house: House, member: int) -> tuple[SavedView, ...]:
    """Their own first, then what others share; one whose address no page knows any more is left out."""
    found = [v for v in house.ledger.views.seen_by(member) if _still_known(v.address)]
    return tuple(sorted(found, key=lambda v: (v.member != member, v.name.casefold(), v.id)))


def _still_known(address: str) -> bool:
    try:
        return checked_address(address) == address
    except BadInput:
        return False
