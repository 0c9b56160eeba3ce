"""API items → rows of the target tables: canonical items column by column, raw rows through their source's contract."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gensvar.contracts.contract import Contract
from gensvar.contracts.events import EVENTS
from gensvar.contracts.feedback import DIMENSIONS, FEEDBACK, KINDS
from gensvar.contracts.measures import Measures
from gensvar.contracts.rows import Batch, Keys, Received, SetAside
from gensvar.contracts.table import MAP, MOMENT, TEXT
from gensvar.hub.answers import changed_from, off_scale
from gensvar.hub.api_items import FeedbackItem, Item
from gensvar.hub.intake import Intake, fresh
from gensvar.hub.people import Register, account_namespace, strongest
from gensvar.hub.shared import LANGUAGE, ORIGINAL, constant, hexes, maps, picked, table
from gensvar.hub.sheet import Index, Mask, clean, each_value, filled
from gensvar.kit.errors import BadInput
from gensvar.kit.ids import record_keys
from gensvar.text.redact import PLAIN, Redactor

FIRST, AFTER_LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
FEEDBACK_WORDS = ("kind", "measure", "choice", "text", "language")


def receive_items(
    items: Sequence[Item], contracts: Mapping[str, Contract], measures: Measures, secret: bytes, now: datetime, redactor: Redactor = PLAIN
) -> list[Received]:
    """What becomes of the items, one `Received` for each source, target and form.

    A canonical item replaces only itself; a raw row states its whole record, and of two rows with one record the later wins.
    """
    groups: dict[tuple[str, type[Any], bool], list[Item]] = defaultdict(list)
    for item in items:
        groups[item.source, type(item), item.row is not None].append(item)
    made: list[Received] = []
    for (source, kind, is_raw), members in groups.items():
        contract = contracts.get(source)
        if is_raw:
            made.append(_mapped(members, Intake(_later_wins(contract), measures, secret, redactor), now) if contract else _unmapped(members))
        else:
            made.append(_canonical(members, kind, source, contract, measures, secret, now, redactor))
    return made


def _plain(item: Item) -> str:
    return msgspec.json.encode(item).decode("utf-8", "replace")


# ── raw rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _cell(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _batch(items: Sequence[Item], contract: Contract) -> Batch:
    rows = [item.row or {} for item in items]
    names = sorted(contract.columns() | {name for row in rows for name in row})
    return Batch(pa.table({n: pa.array([_cell(r.get(n)) for r in rows], TEXT) for n in names}), range(1, len(rows) + 1))


def _later_wins(contract: Contract) -> Contract:
    return replace(contract, surprises=replace(contract.surprises, duplicate_record="last"))


def _mapped(items: Sequence[Item], intake: Intake, now: datetime) -> Received:
    kept, refused = _not_refused(items, intake, now)
    received = fresh(intake).receive(_batch(kept, intake.contract), now)
    aside = tuple(replace(s, raw=_plain(kept[s.line - 1]), line=0) for s in received.set_aside)
    return replace(received, set_aside=(*refused, *aside), read=len(items))


def _not_refused(items: Sequence[Item], intake: Intake, now: datetime) -> tuple[list[Item], list[SetAside]]:
    """(items that the contract takes, what it refuses, set aside): in a request a refusal concerns one row, never its neighbours."""
    try:
        fresh(intake).receive(_batch(items, intake.contract), now)
    except BadInput:
        return _each_tried(items, intake, now)
    return list(items), []


def _each_tried(items: Sequence[Item], intake: Intake, now: datetime) -> tuple[list[Item], list[SetAside]]:
    kept, refused = [], []
    for item in items:
        fault = _refusal(item, intake, now)
        if fault is None:
            kept.append(item)
        else:
            refused.append(SetAside(item.source, "refused", fault, _plain(item)))
    return kept, refused


def _refusal(item: Item, intake: Intake, now: datetime) -> str | None:
    try:
        fresh(intake).receive(_batch([item], intake.contract), now)
    except BadInput as wrong:
        return str(wrong)
    return None


def _unmapped(items: Sequence[Item]) -> Received:
    nobody = Keys([], [], [], [])
    empty = table(FEEDBACK, {}, np.empty(0, dtype=np.int64))
    aside = tuple(SetAside(i.source, "no_contract", "No contract says what the row's columns mean", _plain(i)) for i in items)
    return Received("feedback", empty, [], [], [], nobody, set_aside=aside, source=items[0].source, read=len(items))


# ── canonical items ───────────────────────────────────────────────────────────────────────────────────────────────────


def _values(items: Sequence[Item], name: str) -> list[Any]:
    return list(map(attrgetter(name), items))


def _words(items: Sequence[Item], name: str) -> pa.Array:
    said = _values(items, name)
    return pa.nulls(len(said), TEXT) if said.count(None) == len(said) else clean(_text(said))


def _text(said: Sequence[str | None]) -> pa.Array:
    try:
        return pa.array(said, TEXT)
    except UnicodeEncodeError:
        return pa.array([None if s is None else s.encode("utf-8", "replace").decode() for s in said], TEXT)


def _canonical(
    items: Sequence[Item],
    kind: type[Any],
    source: str,
    contract: Contract | None,
    measures: Measures,
    secret: bytes,
    now: datetime,
    redactor: Redactor,
) -> Received:
    known = measures.with_(contract.measures) if contract else measures
    records = _text([item.record.strip() for item in items]).to_pylist()
    keys16 = record_keys(source, records)
    region = contract.party.region if contract and contract.party else None
    redactor = replace(redactor, region=region)
    columns = _shared(items, contract.key if contract else f"{source}@0", now, redactor)
    columns |= {"source": constant(source, len(items)), "record": pa.array(records, TEXT), "response": hexes(keys16)}
    bad: list[SetAside | None] = _bad_times(items)
    spec = FEEDBACK if kind is FeedbackItem else EVENTS
    columns |= _feedback(items, contract, known, bad, redactor, columns["market"]) if kind is FeedbackItem else _events(items, redactor)
    kept = np.flatnonzero(np.array([b is None for b in bad], dtype=bool))
    register = Register(secret, region)
    people = _people(items, source, contract, register, columns["market"])
    found = picked(columns, kept, len(items))
    return Received(
        target=spec.name,
        table=table(spec, found, kept),
        records=records,
        keys16=keys16,
        created_ms=[None if c is None or not FIRST <= c < AFTER_LAST else int(c.timestamp() * 1_000) for c in _values(items, "created_at")],
        people=people,
        contacts=register.handed_on(),
        set_aside=tuple(b for b in bad if b),
        whole=False,
        source=source,
        read=len(items),
        originals=pa.chunked_array([found[ORIGINAL]]) if ORIGINAL in found else None,
    )


def _shared(items: Sequence[Item], key: str, now: datetime, redactor: Redactor) -> dict[str, pa.Array]:
    count = len(items)
    found = {name: _words(items, name) for name in DIMENSIONS}
    found["market"] = each_value(found["market"], lambda t: t.upper() if len(t) == 2 and t.isalpha() else t, TEXT)
    moments = [at if at is not None and FIRST <= at < AFTER_LAST else None for at in _values(items, "occurred_at")]
    found |= {"occurred_at": pa.array(moments, MOMENT), "received_at": pa.repeat(pa.scalar(now, MOMENT), count)}
    return found | {"attrs": _attrs(_values(items, "attrs"), redactor), "contract": constant(key, count)}


def _attrs(given: Sequence[Mapping[str, Any] | None], redactor: Redactor) -> pa.Array:
    if not any(given):
        return pa.nulls(len(given), MAP)
    names = sorted({name for attrs in given if attrs for name in attrs})
    columns = {clean(_text([n]))[0].as_py() or "?": clean(_text([_cell((a or {}).get(n)) for a in given])) for n in names}
    return maps({name: redactor.column(text) for name, text in columns.items()}, len(given))


def _bad_times(items: Sequence[Item]) -> list[SetAside | None]:
    said = "occurred_at must lie between 1970 and 2100"
    return [
        None if item.occurred_at is not None and FIRST <= item.occurred_at < AFTER_LAST else _aside(item, "bad_time", said, "occurred_at")
        for item in items
    ]


def _aside(item: Item, reason: str, message: str, field: str) -> SetAside:
    return SetAside(item.source, reason, message, _plain(item), item.record, getattr(item, "item", ""), field)


def _events(items: Sequence[Item], redactor: Redactor) -> dict[str, pa.Array]:
    words = {name: redactor.column(_words(items, name)) for name in ("name", "session", "step")}
    return words | {"value": pa.array(_values(items, "value"), pa.float64())}


def _feedback(
    items: Sequence[Item], contract: Contract | None, measures: Measures, bad: list[SetAside | None], redactor: Redactor, market: pa.Array
) -> dict[str, pa.Array]:
    words = {name: _words(items, name) for name in FEEDBACK_WORDS}
    local = words["kind"]
    fallback = contract.kind.always if contract and contract.kind.always else "other"
    folded = {w.casefold(): agreed for w, agreed in contract.kind.words.items()} if contract else {}
    agreed = each_value(local, lambda t: folded.get(t.casefold(), t.casefold() if t.casefold() in KINDS else "other"), TEXT)
    score = pa.array(_values(items, "score"), pa.float64())
    _check_scores(items, score, words["measure"], measures, bad)
    rated = pc.or_(score.is_valid(), words["choice"].is_valid())
    audience = contract.audience if contract else "customer"
    language = each_value(words["language"], lambda t: t.replace("_", "-") if LANGUAGE.fullmatch(t) else None, TEXT)
    language = redactor.spoken(words["text"], language, market)
    text = redactor.column(words["text"], language, market)
    return {
        "item": clean(_text(_values(items, "item"))),
        "audience": pa.array([a or audience for a in _values(items, "audience")], TEXT),
        "kind": pc.fill_null(agreed, fallback),
        "local_kind": redactor.column(local),
        "measure": pc.if_else(rated, words["measure"], pa.scalar(None, TEXT)),
        "score": score,
        "choice": redactor.column(words["choice"], language, market),
        "text": text,
        "language": language,
        ORIGINAL: changed_from(words["text"], text),
    }


def _check_scores(items: Sequence[Item], score: pa.Array, keys: pa.Array, measures: Measures, bad: list[SetAside | None]) -> None:
    given = filled(score)
    if not given.any():
        return
    value = pc.fill_null(score, np.nan).to_numpy(zero_copy_only=False)
    for key in pc.unique(keys.filter(score.is_valid())).to_pylist():
        here: Mask = given & pc.fill_null(pc.equal(keys, pa.scalar(key, TEXT)), key is None).to_numpy(zero_copy_only=False)
        if key not in measures:
            _note(items, np.flatnonzero(here), bad, "unknown_measure", f"No measure {str(key)[:60]!r} is defined, so its score cannot be read")
        else:
            m = measures.get(key)
            said = f"The score is not on the scale of {key}: {m.low:g} to {m.high:g}"
            _note(items, np.flatnonzero(here & off_scale(value, m)), bad, "off_scale", said)


def _note(items: Sequence[Item], rows: Index, bad: list[SetAside | None], reason: str, message: str) -> None:
    for row in rows:
        bad[row] = bad[row] or _aside(items[row], reason, message, "score")


def _people(items: Sequence[Item], source: str, contract: Contract | None, register: Register, market: pa.Array) -> Keys:
    party, account = _values(items, "party"), _values(items, "account")
    namespace = (contract.party.namespace if contract and contract.party else "") or source
    company_namespace = account_namespace((contract.account.namespace if contract and contract.account else "") or source)
    nobody: list[bytes | None] = [None] * len(items)
    external, email, phone, company = nobody, nobody, nobody, nobody
    if any(party):
        external = list(register.named("external", namespace, _of(party, "external")).keys)
        email = list(register.named("email", "", _of(party, "email")).keys)
        phone = _phones(_of(party, "phone"), register, market)
        _name(register, _of(party, "name"), external, email, phone)
    if any(account):
        by_id = register.named("external", company_namespace, _of(account, "external")).keys
        by_mail = register.named("email", account_namespace(""), _of(account, "email")).keys
        company = strongest(by_id, by_mail)
        _name(register, _of(account, "name"), company)
    return Keys(external, email, phone, company, namespace)


def _phones(numbers: Sequence[str | None], register: Register, market: pa.Array) -> list[bytes | None]:
    if not any(numbers):
        return [None] * len(numbers)
    regions = [m if m is not None and len(m) == 2 and m.isalpha() else None for m in market.to_pylist()]
    return list(register.named("phone", "", numbers, regions).keys)


def _name(register: Register, names: Sequence[str | None], *keys: Sequence[bytes | None]) -> None:
    if any(names):
        register.name(strongest(*keys), names)


def _of(people: Sequence[Any], name: str) -> list[str | None]:
    said = [None if p is None else getattr(p, name) for p in people]
    return clean(_text(said)).to_pylist() if any(said) else said
