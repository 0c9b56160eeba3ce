"""Which rows have the words that are searched for: by the index where it stands, else by reading; the same rows either way.

The index names candidates among all rows; what a reader sees of them is decided afterwards, as for every row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, Literal
from uuid import UUID

import ibis
import pyarrow as pa

from gensvar.house import House
from gensvar.text.search import BEFORE, BEHIND, Term, letters, pattern
from gensvar.text.stems import ALGORITHMS, bare, inside

MOST_HANDED = 50_000  # ids that are handed to the engine; where more rows may have the words, reading the rows is as fast
MOST_LATE, MOST_FORMS = 40, 400
ONE_DAY = timedelta(days=1)
Rows = Callable[[ibis.Table], ibis.Table]
Forms = Mapping[str, frozenset[str]]
How = Literal["", "stemmed", "written"]


@dataclass(frozen=True, slots=True)
class Having:
    """rows: leaves of any rows those that have the words. few: there are few enough to count one by one. how: by stems, or only as written."""

    rows: Rows
    few: bool = False
    how: How = ""


def having(house: House, terms: Sequence[Term]) -> Having:
    """What finds the rows that have these words. Where the index is not there yet, or is far behind, words are found as they are written only."""
    if not terms:
        return written(terms)
    behind = house.index.behind(house.engine.epoch())
    late = (behind or frozenset()) | house.ledger.days.dirty()
    if behind is None or len(late) > MOST_LATE:
        return written(terms)
    words = house.index.words
    forms = [words.forms(bare(t)) if bare(t) else {} for t in terms]
    read = partial(_read, terms=terms, forms=forms)
    found = words.candidates(terms, MOST_HANDED)
    if found is None or not found.whole:
        return Having(read, how="stemmed")
    return Having(partial(_named, ids=found.ids, late=late, terms=terms, read=read), few=True, how="stemmed")


def written(terms: Sequence[Term]) -> Having:
    """What finds the rows that have these words as they are written."""
    return Having(lambda rows: rows.filter(*(_test(rows, term) for term in terms)), how="written") if terms else Having(lambda rows: rows)


def _named(rows: ibis.Table, ids: Sequence[bytes], late: frozenset[date], terms: Sequence[Term], read: Rows) -> ibis.Table:
    """Of the rows of days that the index holds, those with these ids; of the others, those that are found by reading them."""
    on_time = among(rows, ids)
    on_time = on_time.filter(*tests) if (tests := [_test(on_time, t) for t in terms if not bare(t)]) else on_time
    if not late:
        return on_time
    lies = _on(rows.occurred_at, late)
    return ibis.union(on_time.filter(~lies), read(rows.filter(lies)))


def among(rows: ibis.Table, ids: Sequence[bytes]) -> ibis.Table:
    """The rows that have one of these ids of 16 bytes."""
    names = ibis.memtable(pa.table({"candidate": pa.array([str(UUID(bytes=i)) for i in ids], pa.string())}))
    named = names.select(candidate=names.candidate.cast(rows.id.type()))
    return rows.semi_join(named, rows.id == named.candidate)


def _on(moment: Any, days: Iterable[date]) -> Any:
    starts = [datetime.combine(day, time(), UTC) for day in sorted(days)]
    return ibis.or_(*((moment >= start) & (moment < start + ONE_DAY) for start in starts))


def _read(rows: ibis.Table, terms: Sequence[Term], forms: Sequence[Forms]) -> ibis.Table:
    return rows.filter(*(_test(rows, term, known) for term, known in zip(terms, forms, strict=True)))


def _test(rows: ibis.Table, term: Term, forms: Forms | None = None) -> Any:
    """Whether a row's text has the term: as written, or a word with the same stem in the text's language, or one that has the stem inside.

    forms: by language, where words are found by their stems; None where only as written.
    """
    tests, word, known = [rows.text.re_search(pattern(term))], bare(term), forms or {}
    for language in ALGORITHMS if word and forms is not None else ():
        stems = [s for s in inside(word, language) if word not in s]
        others = [f for f in sorted(known.get(language, ())) if word not in f and not any(s in f for s in stems)]
        patterns = [pattern(Term((s,))) for s in stems]
        if others:
            patterns.append(f"{BEFORE}(?:{'|'.join(map(letters, others[:MOST_FORMS]))}){BEHIND}")
        if patterns:
            tests.append(_of_language(rows.language, language) & ibis.or_(*(rows.text.re_search(p) for p in patterns)))
    test = ibis.or_(*tests)
    return ~test if term.without else test


def _of_language(language: Any, rules: str) -> Any:
    names, said = ("nb", "no", "nn") if rules == "nb" else (rules,), language.fill_null("")
    return ibis.or_(said.isin(names), *(said.startswith(f"{name}-") for name in names))
