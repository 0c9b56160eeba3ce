"""What a house takes out of texts, and where it keeps them as they were written: sealed in the ledger, for the days of the settings, then gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pyarrow as pa

from gensvar.contracts.rows import Received
from gensvar.house import House
from gensvar.hub import ids_of
from gensvar.kit.errors import NotFound
from gensvar.text.redact import Own, Redactor


def redactor_of(house: House) -> Redactor:
    """What redacts in this house, as of now: what comes with Gensvar, and the house's own patterns."""
    own = tuple(Own(p.name, p.pattern) for p in house.ledger.patterns.standing())
    return Redactor(own, languages=tuple(house.settings.text_languages.split(",")))


def keep_originals(house: House, received: Received, rows: pa.Table, known: Sequence[bool], now: datetime) -> None:
    """Seals the texts of these rows as they were written, where redaction took something out. Of protected audiences nothing is kept.

    known: whether a record has come in before; what was kept of it goes where nothing is taken out any more.
    """
    if received.target != "feedback" or (received.originals is None and not any(known)):
        return
    ids, audiences = ids_of(rows), rows["audience"].to_pylist()
    said = received.originals.to_pylist() if received.originals is not None else [None] * len(ids)
    days, protected = house.settings.originals_days, house.settings.anonymous.names
    kept = {i: text for i, text, audience in zip(ids, said, audiences, strict=True) if text and days and audience not in protected}
    if any(known):
        house.ledger.originals.forget([i for i in ids if i not in kept])
    house.ledger.originals.keep(kept, now + timedelta(days=days))


def purge_originals(house: House) -> int:
    """Takes out the originals that have had their time, also where the setting was lowered since; how many there were."""
    now = house.clock.now()
    return house.ledger.originals.purge(now + timedelta(days=house.settings.originals_days))


def original(house: House, row: bytes) -> str:
    """The text of a row as it was written; NotFound where it is not kept any more. Write down who asks before you ask."""
    text = house.ledger.originals.open(row)
    if text is None:
        raise NotFound("What was written is not kept any more", do="Originals are kept for the days that the setting originals_days gives.")
    return text
