"""What makes a contract unusable although each part can be read: parts that are missing, contradict each other, or name what does not exist."""

import re
from collections import Counter
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from gensvar.contracts.contract import AnswerRule, Contract, Moment, People, Value
from gensvar.contracts.feedback import DIMENSIONS, KINDS
from gensvar.contracts.measures import ID_FORM
from gensvar.kit.errors import nearest
from gensvar.kit.protected import AUDIENCES

SOURCE_FORM = re.compile(r"[a-z0-9][a-z0-9_.\-]{0,63}")


def faults_of(contract: Contract) -> Iterator[str]:
    """Every fault, as `path: what is wrong`."""
    if not SOURCE_FORM.fullmatch(contract.source):
        yield f"source: {contract.source[:80]!r} must be 1 to 64 of a…z, 0…9, '_', '.' and '-', starting with a letter or digit"
    if contract.version < 1:
        yield f"version: {contract.version} must be 1 or more"
    yield from _one_of("audience", contract.audience, AUDIENCES)
    yield from _kind("kind", contract.kind)
    for name in contract.dimensions:
        yield from _one_of(f"dimensions.{name}", name, DIMENSIONS)
    for path, value in _values(contract):
        yield from _source_of(path, value)
    for path, moment in _moments(contract):
        yield from _moment(path, moment)
    for path, people in (("party", contract.party), ("account", contract.account)):
        yield from _people(path, people)
    yield from _target(contract)
    yield from _repeats(contract)


def _one_of(path: str, word: str, known: tuple[str, ...]) -> Iterator[str]:
    if word not in known:
        guess = nearest(word, known)
        yield f"{path}: {word!r} is not one of {', '.join(known)}" + (f"; did you mean {guess!r}?" if guess else "")


def _kind(path: str, kind: Value | None) -> Iterator[str]:
    if kind:
        words = {w for w in (kind.always, kind.other, *kind.words.values()) if w is not None}
        for word in sorted(words):
            yield from _one_of(path, word, KINDS)


def _values(contract: Contract) -> Iterator[tuple[str, Value]]:
    yield "kind", contract.kind
    if contract.language:
        yield "language", contract.language
    yield from ((f"dimensions.{name}", value) for name, value in contract.dimensions.items())
    for i, rule in enumerate(contract.answers):
        parts = {"item": rule.item, "measure": rule.measure, "choice": rule.choice, "kind": rule.kind, "touchpoint": rule.touchpoint}
        yield from ((f"answers[{i}].{name}", value) for name, value in parts.items() if value)
    if contract.event:
        yield "event.name", contract.event.name
        if contract.event.step:
            yield "event.step", contract.event.step


def _moments(contract: Contract) -> Iterator[tuple[str, Moment]]:
    person = contract.person
    named = {"at": contract.at, "created": contract.created}
    named |= {"person.started": person.started, "person.ended": person.ended} if person else {}
    yield from ((path, moment) for path, moment in named.items() if moment)


def _source_of(path: str, value: Value | Moment) -> Iterator[str]:
    if (value.column is None) == (value.always is None):
        yield f"{path}: give either `column` or `always`"
    if value.column == "":
        yield f"{path}: the column has no name"
    if isinstance(value, Value) and value.column is None and (value.words or value.other is not None):
        yield f"{path}: `words` and `other` need a `column`"


def _moment(path: str, moment: Moment) -> Iterator[str]:
    yield from _source_of(path, moment)
    try:
        ZoneInfo(moment.zone)
    except (KeyError, ValueError, OSError):
        yield f"{path}.zone: no time zone {moment.zone[:60]!r}; IANA names are meant, as Europe/Stockholm"


def _people(path: str, people: People | None) -> Iterator[str]:
    if people and not (people.email or people.phone or people.external):
        yield f"{path}: name at least one of email, phone and external"
    if people and people.region is not None and not re.fullmatch("[A-Z]{2}", people.region):
        yield f"{path}.region: {people.region[:20]!r} must be two capital letters, as SE"


def _target(contract: Contract) -> Iterator[str]:
    needed = {"feedback": bool(contract.answers), "events": bool(contract.event), "parties": bool(contract.person and contract.party)}
    says = {"feedback": "answers", "events": "event", "parties": "person and party"}
    only_canonical = contract.target != "parties" and not contract.columns()  # its items come through the API, in the agreed form
    if not needed[contract.target] and not only_canonical:
        yield f"{says[contract.target]}: must be given, since the contract makes {contract.target}"
    for i, rule in enumerate(contract.answers):
        yield from _answer(f"answers[{i}]", rule)


def _answer(path: str, rule: AnswerRule) -> Iterator[str]:
    if rule.text is None and rule.score is None and rule.choice is None:
        yield f"{path}: give at least one of text, score and choice"
    if rule.score is not None and rule.measure is None:
        yield f"{path}: a score needs a measure, as `measure: csat.support@2`"
    if rule.measure and rule.measure.always is not None and not is_measure_key(rule.measure.always):
        yield f"{path}.measure: {rule.measure.always[:60]!r} must be a measure and its version, as csat.support@2"
    yield from _kind(f"{path}.kind", rule.kind)


def is_measure_key(text: str) -> bool:
    """Whether the text names one version of a measure: csat.support@2."""
    name, _, version = text.partition("@")
    return bool(ID_FORM.fullmatch(name)) and version.isascii() and version.isdigit() and int(version) > 0


def _repeats(contract: Contract) -> Iterator[str]:
    lists = {
        "record": contract.record,
        "attrs": contract.attrs,
        "answers": tuple(a.item.always for a in contract.answers if a.item.always is not None),
        "measures": tuple(m.key for m in contract.measures),
    }
    for path, names in lists.items():
        yield from (f"{path}: {name!r} stands there {n} times" for name, n in Counter(names).items() if n > 1)
