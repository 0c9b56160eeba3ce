"""Reading: every text on its way into the hub, and again by what reads better or has changed. Repeating it changes nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import ibis
import pyarrow as pa

from gensvar.contracts.rows import Received
from gensvar.contracts.tone import TONE
from gensvar.enrich import READ, ReadBatch, Understanding
from gensvar.enrich.own_topics import recipe_of, texts_of
from gensvar.enrich.shifts import By, shifts
from gensvar.enrich.work import READ_ROWS
from gensvar.house import House
from gensvar.hub import days_of
from gensvar.text.keys import key_of

AT_ONCE = 2_000
ENCODED_AT_ONCE = 200  # texts: about two seconds of the encoder's work
Encode = Callable[[Sequence[str]], Sequence[bytes]]
"""Texts → a packed vector for each, in their order."""


def understood(house: House, received: Received) -> Received:
    """The same with every text read: by the fast reader, and by what the encoder saw of it where it has met the text before."""
    if received.target != "feedback" or not received.table.num_rows:
        return received
    models = house.understanding()
    table = models.enriched(received.table, _vectors(house, models, received.table["text"].to_pylist()))
    _define_tone(house, table)
    return replace(received, table=table)


def _define_tone(house: House, rows: pa.Table) -> None:
    """Puts the measure in force with the first text that is read, be it new or of an earlier release."""
    if "sentiment" in rows.column_names and TONE.key not in house.ledger.measures.all():
        house.ledger.measures.add([TONE], TONE.owner)


def _vectors(house: House, models: Understanding, texts: Iterable[str | None]) -> dict[bytes, bytes]:
    """What is stored of the vectors of these texts."""
    return house.ledger.vectors.get([key_of(text) for text in texts if text], models.encoder) if models.encoder else {}


def unread(house: House) -> int:
    """How many texts have not been read by all that they are to be read by."""
    return int(house.engine.run(_unread(house, house.understanding()).count())[0][0].as_py())


def _unread(house: House, models: Understanding) -> ibis.Table:
    feedback = house.engine.table("feedback")
    by = models.refined if models.encoder else models.version
    return feedback.filter(feedback.text.notnull(), feedback.text != "", ~feedback.enriched_by.fill_null("").isin([by]))


def read_again(house: House, encode: Encode | None) -> int:
    """Reads every text that has not been read by all; how many rows. A text that has changed meanwhile is left for the next time.

    encode: texts → one packed vector for each; None where the house has no encoder.
    """
    again, rows = Again(house), 0
    while again.step(encode):
        rows += again.rows
    return rows


class Again:
    """The same step by step. The vectors of all texts that wait are made first, which may take hours, and only then are the texts read by them, which

    takes minutes: else some days would stand read by the encoder and others not, and a change of reader would look like a change of what people say.
    """

    def __init__(self, house: House) -> None:
        self.rows = self.seen = self._behind = 0
        self.moved: By = {}
        self._house, self._after, self._all_have_vectors = house, "", False

    def step(self, encode: Encode | None) -> bool:
        """Whether anything was done. rows: how many were read in this step; moved: their topics before and now, but of protected people;

        seen: how many of those that wait the encoder has seen so far.
        """
        self.rows, self.moved = 0, {}
        models = self._house.understanding()
        if encode is None:
            self._read(models, {})
            return bool(self.rows)
        if models.topics.version:
            _encoded(self._house, models, texts_of(recipe_of(models.taxonomy)), encode)
            models = self._house.understanding()
        return self._make_vectors(models, encode) or self._read_those_with_vectors(models, encode)

    def _make_vectors(self, models: Understanding, encode: Encode) -> bool:
        """Goes through the texts that wait, in the order of their ids; False once it is through."""
        if self._all_have_vectors:
            return False
        waiting = _unread(self._house, models)
        behind = waiting.filter(waiting.id > ibis.literal(self._after, waiting.id.type())) if self._after else waiting
        found = self._house.engine.run(behind.order_by("id").limit(AT_ONCE).select("id", "text"))
        texts = found["text"].to_pylist()
        made = _encoded(self._house, models, texts, encode)
        self._behind = self._behind if self._after else 0
        self.seen = self._behind + sum(key_of(text) in made for text in texts)
        if all(key_of(text) in made for text in texts):
            self._behind = self.seen
            self._after, self._all_have_vectors = (found["id"][-1].as_py(), False) if texts else ("", True)
        return bool(texts)

    def _read_those_with_vectors(self, models: Understanding, encode: Encode) -> bool:
        texts = self._house.engine.run(_latest(self._house, models).select("text"))["text"].to_pylist()
        new = {key_of(text) for text in texts} - _vectors(self._house, models, texts).keys()
        if len(new) > ENCODED_AT_ONCE or not texts:
            self._all_have_vectors = False
            return bool(texts)
        self._read(models, _encoded(self._house, models, texts, encode))
        return True

    def _read(self, models: Understanding, vectors: Mapping[bytes, bytes]) -> None:
        """Reads the latest rows that wait, those with a vector where there are any."""
        latest = _latest(self._house, models)
        if not vectors and (self._house.settings.workers > 1 or self._house.settings.hub):
            self._read_by_workers(models, latest)
            return
        found = self._house.engine.run(latest.select("id", "text"))
        keys = map(key_of, found["text"].to_pylist())
        ids = [one for one, key in zip(found["id"].to_pylist(), keys, strict=True) if not vectors or key in vectors]
        with self._house.turn:
            rows = _rows(self._house, ids)
            self._put(rows, models.enriched(rows, vectors))
        self.rows = len(ids)

    def _read_by_workers(self, models: Understanding, texts: ibis.Table) -> None:
        """The same by the processes that the settings give, or by the cluster that holds the hub."""
        with self._house.turn:
            asked = texts.select("id", "text", "language", "market")
            read = self._house.engine.map_batches(asked, ReadBatch(models), READ_ROWS, self._house.settings.workers)
            ids = read["id"].to_pylist()
            rows = before = _rows(self._house, ids)
            places = {one: at for at, one in enumerate(ids)}
            found = read.take(pa.array([places[one] for one in rows["id"].to_pylist()], pa.int64()))
            for name in READ:
                rows = rows.set_column(rows.column_names.index(name), name, found[name])
            self._put(before, rows)
        self.rows = len(ids)

    def _put(self, before: pa.Table, rows: pa.Table) -> None:
        """The rows into the hub; their days are marked before."""
        if rows.num_rows:
            _define_tone(self._house, rows)
            self._house.ledger.days.mark(days_of(rows))
            self._house.engine.merge("feedback", rows)
            self.moved = shifts(before, rows, self._house.settings.anonymous.names)


def _latest(house: House, models: Understanding) -> ibis.Table:
    """The rows that wait, of the latest days first, so that few days are counted anew at a time."""
    waiting = _unread(house, models)
    return waiting.order_by(waiting.occurred_at.date().desc(), waiting.id).limit(AT_ONCE)


def _rows(house: House, ids: Sequence[str]) -> pa.Table:
    feedback = house.engine.table("feedback")
    return house.engine.run(feedback.filter(feedback.id.isin(ids) if ids else ibis.literal(False)))


def _encoded(house: House, models: Understanding, texts: Sequence[str], encode: Encode) -> dict[bytes, bytes]:
    """The vectors of these texts that are stored, and of the first of those that are not, which are made and stored."""
    there = _vectors(house, models, texts)
    new = list({key_of(text): text for text in texts if key_of(text) not in there}.items())[:ENCODED_AT_ONCE]
    made = dict(zip((key for key, _ in new), encode([text for _, text in new]), strict=True)) if new else {}
    house.ledger.vectors.put(made, models.encoder)
    return there | made


def forget(house: House, source: str, records: Sequence[str]) -> None:
    """Takes out the vectors of the texts of these records; another record that says the same gets its own anew."""
    feedback = house.engine.table("feedback")
    written = feedback.filter(feedback.source == source, feedback.record.isin(list(records)), feedback.text.notnull())
    house.ledger.vectors.forget([key_of(text) for text in house.engine.run(written.select("text"))["text"].to_pylist()])
