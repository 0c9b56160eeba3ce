"""Definitions: what each measure means, who asks it where, what each source calls things, and how a definition is changed: proposed, then settled."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from gensvar.contracts import Contract, Measure
from gensvar.contracts.contract import Value
from gensvar.house import House
from gensvar.kit.errors import BadInput, NotAllowed
from gensvar.ledger import Proposal
from gensvar.measure.metrics import metric_of

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Feed:
    """A source that asks a version of a measure. item: what it calls the question; column: where its column decides the version; else empty."""

    source: str
    owner: str
    audience: str
    item: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Local:
    """What one source says instead of an agreed word. words: its own; empty where the column's words are taken as they are."""

    source: str
    column: str
    words: tuple[str, ...] = ()


def feeds(contracts: Iterable[Contract]) -> Mapping[str, tuple[Feed, ...]]:
    """Version of a measure (csat.delivery@2) → the sources that ask it, by name."""
    found: dict[str, list[Feed]] = defaultdict(list)
    for contract in sorted(contracts, key=lambda c: c.source):
        for rule in contract.answers:
            item = rule.item.always or rule.item.column or ""
            for key, column in _keys(rule.measure):
                found[key].append(Feed(contract.source, contract.owner, contract.audience, item, column))
    return {key: tuple(dict.fromkeys(said)) for key, said in found.items()}


def _keys(measure: Value | None) -> Iterator[tuple[str, str]]:
    """The versions that a rule can name, and the column that decides between them."""
    if measure is None:
        return
    if measure.always:
        yield measure.always, ""
    for key in (*dict.fromkeys(measure.words.values()), *([measure.other] if measure.other else [])):
        yield key, measure.column or ""


def local_kinds(contracts: Iterable[Contract]) -> Mapping[str, tuple[Local, ...]]:
    """Agreed kind of interaction → what each source calls it: “problem” in the helpdesk is a complaint."""
    found: dict[str, list[Local]] = defaultdict(list)
    for contract in sorted(contracts, key=lambda c: c.source):
        for value in (contract.kind, *(rule.kind for rule in contract.answers if rule.kind)):
            for kind, said in _agreed(value).items():
                found[kind].append(Local(contract.source, value.column or "", said))
    return {kind: tuple(dict.fromkeys(said)) for kind, said in found.items()}


def _agreed(value: Value) -> dict[str, tuple[str, ...]]:
    """Agreed word → the source's own words for it."""
    said: dict[str, list[str]] = defaultdict(list)
    for own, agreed in value.words.items():
        said[agreed].append(own)
    for fixed in (value.always, value.other):
        if fixed:
            said.setdefault(fixed, [])
    return {agreed: tuple(words) for agreed, words in said.items()}


def local_dimensions(contracts: Iterable[Contract]) -> Mapping[str, tuple[Local, ...]]:
    """Shared dimension → where each source has it: its column, and its own words where they are translated."""
    found: dict[str, list[Local]] = defaultdict(list)
    for contract in sorted(contracts, key=lambda c: c.source):
        for dimension, value in contract.dimensions.items():
            words = tuple(f"{own} → {agreed}" for own, agreed in value.words.items() if own != agreed)
            found[dimension].append(Local(contract.source, value.column or "", words))
    return {dimension: tuple(said) for dimension, said in found.items()}


def propose(house: House, who: str, definition: Measure, why: str) -> int:
    """The proposal's number; its version is the one after the last. BadInput where it changes nothing or does not say why.

    ContractError where its metric cannot stand on it.
    """
    known = house.ledger.measures.all().versions(definition.id)[-1]
    given = replace(definition, version=known.version + 1)
    if replace(known, version=given.version, from_day=given.from_day) == given:
        raise BadInput("This is what the definition says already", do="Change its wording, scale, cut or owner, then propose it.")
    if not why.strip() or len(why) > LONGEST:
        raise BadInput("A proposal says why", do=f"Write 1 to {LONGEST} characters: what is wrong now, and what gets better.")
    metric_of(given)
    number = house.ledger.proposals.add(given, why.strip(), who)
    house.ledger.audit.append(who, "propose definition", given.key, {"proposal": number})
    return number


def approve(house: House, who: str, number: int, reason: str) -> Measure:
    """The version that is now in force: the one after the last, whatever has come meanwhile."""
    with house.ledger.transaction():
        proposal = house.ledger.proposals.get(number)
        last = house.ledger.measures.all().versions(proposal.definition.id)[-1]
        made = replace(proposal.definition, version=last.version + 1)
        house.ledger.proposals.settle(number, "approved", who, reason.strip())
        house.ledger.measures.add([made], who)
    house.ledger.audit.append(who, "approve definition", made.key, {"proposal": number, "by": proposal.by})
    return made


def decline(house: House, who: str, number: int, reason: str) -> Proposal:
    """The proposal that was declined. BadInput without a reason: whoever proposed it shall read why."""
    if not reason.strip() or len(reason) > LONGEST:
        raise BadInput("Whoever proposed it shall read why it was declined", do=f"Write 1 to {LONGEST} characters.")
    house.ledger.proposals.settle(number, "declined", who, reason.strip())
    proposal = house.ledger.proposals.get(number)
    house.ledger.audit.append(who, "decline definition", proposal.definition.id, {"proposal": number})
    return proposal


def withdraw(house: House, who: str, number: int) -> Proposal:
    """One's own proposal, taken back. NotAllowed for another's."""
    proposal = house.ledger.proposals.get(number)
    if proposal.by != who:
        raise NotAllowed("This proposal is another’s", do="Its owner can decline it, with a reason.")
    house.ledger.proposals.settle(number, "withdrawn", who, "")
    house.ledger.audit.append(who, "withdraw definition", proposal.definition.id, {"proposal": number})
    return proposal


def remark(house: House, who: str, measure: str, text: str) -> int:
    """The number of a remark on the quality of a measure's data."""
    house.ledger.measures.all().versions(measure)
    said = " ".join(text.split())
    if not said or len(said) > LONGEST:
        raise BadInput("A remark says what a reader should know of the data", do=f"Write 1 to {LONGEST} characters.")
    number = house.ledger.remarks.add(measure, said, who)
    house.ledger.audit.append(who, "remark", measure, {"remark": number})
    return number


def unremark(house: House, who: str, number: int) -> str:
    """The measure that the remark was about."""
    about = house.ledger.remarks.remove(number)
    house.ledger.audit.append(who, "remove remark", about, {"remark": number})
    return about
