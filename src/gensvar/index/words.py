"""The index of words: which rows have which words, folded and by stem. Holds words, ids and keys, in no order that gives a text back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from threading import Lock
from typing import Final

from tantivy import Document, Index, IndexWriter, Occur, Order, Query, Schema, SchemaBuilder, TextAnalyzerBuilder, Tokenizer

from gensvar.index.vocabulary import Vocabulary
from gensvar.text.keys import key_of
from gensvar.text.search import Term
from gensvar.text.stems import ALGORITHMS, bare, inside, parts, ruled, stems, tokens

HALF: Final = 1 << 64
WINDOW, OVERLAP = 600, 300  # a word of more signs is held in pieces, so that whatever may be searched for stands in one of them
WRITER_BYTES: Final = 64_000_000
MOST_OF_A_DAY: Final = 20_000_000
MOST_WORDS: Final = 20_000
TELLING: Final = 3  # letters from which on a part of what has other signs in it is looked for by itself
_BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the hub that has a text. id: 16 bytes. day: days since 1970, UTC."""

    id: bytes
    day: int
    text: str
    language: str | None

    @property
    def check(self) -> int:
        """A number that is another one when the text or its language is."""
        return int.from_bytes(blake2b(f"{ruled(self.language)}|{self.text}".encode("utf-8", "surrogatepass"), digest_size=8).digest())


@dataclass(frozen=True, slots=True)
class Candidates:
    """Ids of rows, 16 bytes each, that may have what is searched for; no other row has it. whole: all of them, else there were too many to name."""

    ids: tuple[bytes, ...]
    total: int
    whole: bool


class TooBroad(Exception):
    """More words have the letters in them than can be asked for at once."""


class WordIndex:
    """In a folder of its own. One thread writes at a time; who reads sees what was written whole. ValueError where the files cannot be read."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = Index(self._schema, str(folder))
        self._index.register_tokenizer(_BLANK, TextAnalyzerBuilder(Tokenizer.whitespace()).build())
        self._index.reload()
        self._lock = Lock()
        self._vocabulary = Vocabulary(word for word, _ in self._index.searcher().terms_with_prefix("word", ""))

    # ── writing ──

    def write(self, new: Iterable[Entry], gone: Iterable[tuple[int, bytes]]) -> None:
        """New rows in; rows out that are gone from a day, or changed. Durable and seen when it returns."""
        with self._lock, self._writing() as writer:
            for day, row in gone:
                writer.delete_documents_by_query(self._row(day, row))
            unknown: set[str] = set()
            searcher = self._index.searcher()
            for entry in new:
                words, stemmed = of_text(entry.text, entry.language)
                unknown.update(word for word in words.split() if not searcher.doc_freq("word", word))
                writer.add_document(_document(entry, words, stemmed))
        self._vocabulary.add(unknown)

    @contextmanager
    def _writing(self) -> Iterator[IndexWriter]:
        writer = self._index.writer(WRITER_BYTES, 1)
        try:
            yield writer
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()
        self._index.reload()

    def _row(self, day: int, row: bytes) -> Query:
        return _all([Query.term_query(self._schema, "low", _halves(row)[1]), Query.term_query(self._schema, "day", day)])

    # ── what is there ──

    def of_day(self, day: int) -> dict[bytes, int]:
        """Id → check of the rows of a day."""
        return dict(self._pairs(Query.term_query(self._schema, "day", day), "check"))

    def having(self, keys: Sequence[bytes]) -> dict[bytes, list[bytes]]:
        """Key of a text → ids of the rows that have it."""
        short = {_short(key): key for key in keys}
        wanted = Query.boolean_query([(Occur.Should, Query.term_query(self._schema, "key", k)) for k in short])
        found: dict[bytes, list[bytes]] = {}
        for row, key in self._pairs(wanted, "key"):
            found.setdefault(short[key], []).append(row)
        return found

    def _pairs(self, query: Query, field: str) -> Iterator[tuple[bytes, int]]:
        searcher = self._index.searcher()
        hits = searcher.search(query, MOST_OF_A_DAY if searcher.num_docs > MOST_OF_A_DAY else max(1, searcher.num_docs), count=False).hits
        places = [place for _, place in hits]
        highs, lows, values = (searcher.fast_field_values(name, places) for name in ("high", "low", field))
        for high, low, value in zip(highs, lows, values, strict=True):
            yield _id(int(high or 0), int(low or 0)), int(value or 0)

    @property
    def rows(self) -> int:
        return int(self._index.searcher().num_docs)

    @property
    def texts(self) -> int:
        """About how many different texts there are."""
        searcher = self._index.searcher()
        return int(searcher.cardinality(Query.all_query(), "key"))

    # ── searching ──

    def candidates(self, terms: Sequence[Term], most: int) -> Candidates | None:
        """The rows that may have all the terms; None where none of them says anything to an index of words."""
        try:
            queries = [(Occur.MustNot if t.without else Occur.Must, q) for t in terms if (q := self._query(t)) is not None]
        except TooBroad:
            return None
        if not any(occur == Occur.Must for occur, _ in queries):
            return None
        searcher = self._index.searcher()
        found = searcher.search(Query.boolean_query(queries), most, order_by_field="high", order=Order.Desc)
        lows = searcher.fast_field_values("low", [place for _, place in found.hits])
        ids = tuple(_id(int(high), int(low or 0)) for (high, _), low in zip(found.hits, lows, strict=True))
        total = int(found.count)  # type: ignore[attr-defined]  # left out of the wheel's own types
        return Candidates(ids, total, len(ids) == total)

    def _query(self, term: Term) -> Query | None:
        """What finds every row that has the term, and, for a bare word, no other. TooBroad where too many words have it in them."""
        if word := bare(term):
            return _any([self._words(word), self._stems(word)])
        there = parts(term)
        if term.without or not there:
            return None
        if term.phrase:
            return _all([self._words(p) if len(p) > OVERLAP else Query.term_query(self._schema, "word", p) for p in there])
        return _all([self._words(p) for p in there if len(p) == len(max(there, key=len)) or len(p) >= TELLING])

    def _words(self, part: str) -> Query:
        return self._set("word", self._vocabulary.holding(part))

    def _stems(self, word: str) -> Query:
        searcher = self._index.searcher()
        same = (t for rules in ALGORITHMS for s in stems(word, rules) for t, _ in searcher.terms_with_prefix("stem", f"{rules}:{s}~"))
        longer = (
            f"{rules}:{stem}~{held}"
            for rules in ALGORITHMS
            for s in inside(word, rules)
            for held in self._vocabulary.holding(s)
            for stem in stems(held, rules)
        )
        return self._set("stem", chain(same, longer))

    def _set(self, field: str, terms: Iterable[str]) -> Query:
        found = list(islice(terms, MOST_WORDS + 1))
        if len(found) > MOST_WORDS:
            raise TooBroad
        return Query.term_set_query(self._schema, field, found)

    def forms(self, word: str) -> Mapping[str, frozenset[str]]:
        """Language → the words of its texts that have the same stem as this one."""
        searcher, found = self._index.searcher(), {}
        for rules in ALGORITHMS:
            terms = [t for s in stems(word, rules) for t, _ in searcher.terms_with_prefix("stem", f"{rules}:{s}~")]
            if terms:
                found[rules] = frozenset(t.partition("~")[2] for t in terms)
        return found

    def beginning(self, letters: str) -> list[tuple[str, int]]:
        """The words that begin so, with the number of rows that have them, the most frequent first."""
        return list(self._index.searcher().terms_with_prefix("word", letters))


def of_text(text: str, language: str | None) -> tuple[str, str]:
    """What the index holds of a text: its words, and each with its stem and language; sorted, each once.

    >>> of_text("Bilar, bilar!", "sv")
    ('bilar', 'sv:bil~bilar')
    """
    rules, words = ruled(language), sorted(set(tokens(text)))
    held = sorted({piece for word in words for piece in _pieces(word)})
    return " ".join(held), " ".join(f"{rules}:{s}~{word}" for word in words for s in stems(word, rules))


def _pieces(word: str) -> Iterable[str]:
    if len(word) <= WINDOW:
        return (word,)
    return (word[at : at + WINDOW] for at in range(0, len(word) - OVERLAP, WINDOW - OVERLAP))


def _schema() -> Schema:
    made = SchemaBuilder()
    for name in ("word", "stem"):
        made.add_text_field(name, stored=False, tokenizer_name=_BLANK, index_option="basic")
    made.add_unsigned_field("high", fast=True)
    for name in ("low", "key"):
        made.add_unsigned_field(name, fast=True, indexed=True)
    made.add_unsigned_field("check", fast=True)
    made.add_integer_field("day", fast=True, indexed=True)
    return made.build()


def _document(entry: Entry, words: str, stemmed: str) -> Document:
    high, low = _halves(entry.id)
    made = Document()
    made.add_text("word", words)
    made.add_text("stem", stemmed)
    made.add_unsigned("high", high)
    made.add_unsigned("low", low)
    made.add_unsigned("key", _short(key_of(entry.text)))
    made.add_unsigned("check", entry.check)
    made.add_integer("day", entry.day)
    return made


def _any(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, q) for q in queries])


def _all(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, q) for q in queries])


def _halves(row: bytes) -> tuple[int, int]:
    return divmod(int.from_bytes(row), HALF)


def _id(high: int, low: int) -> bytes:
    return (high * HALF + low).to_bytes(16)


def _short(key: bytes) -> int:
    return int.from_bytes(key[:8])
