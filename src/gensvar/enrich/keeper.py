"""The models of a house's own topics, kept from batch to batch: they are made anew only where the topics have changed, or their vectors have come."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from gensvar.contracts.topics import Taxonomy
from gensvar.enrich.own_topics import POOL, OwnTopics, Recipe, by_vectors, by_words, recipe_of, texts_of
from gensvar.text.keys import key_of

NONE = OwnTopics()


class Store(Protocol):
    """Where vectors of texts are kept."""

    def get(self, keys: Sequence[bytes], model: str) -> Mapping[bytes, bytes]: ...
    def scan(self, model: str) -> Iterator[list[tuple[bytes, bytes]]]: ...


class Keeper:
    """One for each house. Safe from several threads: what two make at once is equal."""

    def __init__(self) -> None:
        self._for: tuple[Recipe, str] | None = None
        self._made = NONE

    def of(self, taxonomy: Taxonomy, encoder: str, store: Store) -> OwnTopics:
        """The models of the topics in force; over vectors too, once all examples have some."""
        if not taxonomy.own:
            return NONE
        key = (recipe_of(taxonomy), encoder)
        if self._for != key or (encoder and self._made.seen is None and self._have_come(key[0], encoder, store)):
            self._made, self._for = made(key[0], encoder, store), key
        return self._made

    def _have_come(self, recipe: Recipe, encoder: str, store: Store) -> bool:
        """Whether the first and the last of the needed vectors are there; they are stored together."""
        texts = texts_of(recipe)
        ends = {key_of(texts[0]), key_of(texts[-1])}
        return len(store.get(sorted(ends), encoder)) == len(ends)


def made(recipe: Recipe, encoder: str, store: Store) -> OwnTopics:
    """The models of a recipe, from the vectors that are stored."""
    words = by_words(recipe)
    if not encoder:
        return OwnTopics(words)
    vectors = store.get([key_of(text) for text in texts_of(recipe)], encoder)
    pool = [vector for _, vector in next(iter(store.scan(encoder)), [])[:POOL]]
    return OwnTopics(words, by_vectors(recipe, vectors, pool))
