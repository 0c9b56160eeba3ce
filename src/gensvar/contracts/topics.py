"""Topics: what can be said of an organisation, as a tree that its owner changes. An id stays, whatever the topic is called."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from hashlib import blake2b
from typing import Any, Literal

from gensvar.kit.errors import BadInput, NotFound, nearest
from gensvar.text.labels import CUSTOMER_TOPICS, EMPLOYEE_TOPICS

TOPIC_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+){0,3}")
WORK = "work"  # topics of employees stand under it, as work.load and work.load.stress
About = Literal["customers", "employees"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """id: as delivery.late; parent: the topic that it is part of, as delivery, else empty. name: language → what its owner calls it.

    examples: texts of it, by which the models know it; terms: words that always mean it. into: the topic that it was merged into, else empty.
    shipped: whether the models that ship know it by themselves.
    """

    id: str
    parent: str = ""
    about: About = "customers"
    name: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    into: str = ""
    removed: bool = False
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Every topic there is or was, by id. version: 0 is the one that ships; each change makes the next."""

    version: int
    topics: Mapping[str, Topic]

    def __iter__(self) -> Iterator[Topic]:
        """The topics in force, parents first."""
        return (t for t in self.topics.values() if not t.removed and not t.into)

    @property
    def mark(self) -> str:
        """Equal for taxonomies under which every text is read alike, whatever their topics are called; 0 for the one that ships."""
        said = [
            f"{t.id}|{t.parent}|{t.into}|{t.removed}|{t.examples}|{t.terms}"
            for t in sorted(self.topics.values(), key=lambda t: t.id)
            if not (t.removed and not t.shipped) and t != replace(_shipped(t.id, t.about), name=t.name)
        ]
        return blake2b("\n".join(said).encode("utf-8", "surrogatepass"), digest_size=4).hexdigest() if said else "0"

    @property
    def own(self) -> tuple[Topic, ...]:
        """The topics in force that are known by examples or words given here."""
        return tuple(t for t in self if t.examples or t.terms)

    def get(self, name: str) -> Topic:
        """NotFound with the nearest otherwise."""
        if name not in self.topics:
            raise NotFound(f"No topic {name!r}", nearest=nearest(name, self.topics), do="The page Topics lists them.")
        return self.topics[name]

    def suits(self, name: str, speakers: About) -> bool:
        """Whether a topic may be told of these speakers: one about employees never of customers, on whose texts the models put it now and then."""
        return self.get(name).about in {speakers, "customers"}

    def parts(self, name: str) -> tuple[Topic, ...]:
        """The sub-topics in force of a topic."""
        return tuple(t for t in self if t.parent == name)

    def now(self, name: str) -> str | None:
        """The id that stands for this one today: itself, what it was merged into, or None where it was removed or is unknown."""
        for _ in range(len(self.topics) + 1):
            topic = self.topics.get(name)
            if topic is None or topic.removed:
                return None
            if not topic.into:
                return name
            name = topic.into
        raise BadInput(f"The topics around {name!r} were merged in a circle", do="Split one of them off.")

    def whole(self, names: Iterable[str]) -> tuple[str, ...]:
        """The same ids as they stand today, each with the topic that it is part of; in order, each once."""
        found: dict[str, None] = {}
        for name in names:
            there = self.now(name)
            if there is not None:
                parent = self.now(self.topics[there].parent) if self.topics[there].parent else None
                found.update(dict.fromkeys((*([parent] if parent else []), there)))
        return tuple(found)


def parent_of(name: str) -> str:
    """The id of the topic that an id is part of, by its form; empty for a topic of its own.

    >>> parent_of("delivery.late"), parent_of("work.load"), parent_of("work.load.stress")
    ('delivery', '', 'work.load')
    """
    above = name.rpartition(".")[0]
    return "" if above == WORK else above


def shipped() -> Taxonomy:
    """The topics that every house begins with."""
    made = [_shipped(name, "customers") for name in CUSTOMER_TOPICS] + [_shipped(name, "employees") for name in EMPLOYEE_TOPICS]
    return Taxonomy(0, {t.id: t for t in made})


def written(taxonomy: Taxonomy) -> dict[str, Any]:
    """What differs from the topics that ship, as plain JSON types."""
    plain = shipped().topics
    return {"topics": [_body(t) for t in taxonomy.topics.values() if t != plain.get(t.id)]}


def read_taxonomy(version: int, body: Mapping[str, Any]) -> Taxonomy:
    """What `written` made, over the topics that this release ships."""
    changed = [Topic(**{**t, "examples": tuple(t["examples"]), "terms": tuple(t["terms"])}) for t in body["topics"]]
    return Taxonomy(version, {**shipped().topics, **{t.id: t for t in changed}})


def _body(topic: Topic) -> dict[str, Any]:
    values = {f.name: getattr(topic, f.name) for f in fields(topic)}
    return {**values, "name": dict(topic.name), "examples": list(topic.examples), "terms": list(topic.terms)}


def _shipped(name: str, about: About) -> Topic:
    return Topic(id=name, parent=parent_of(name), about=about, shipped=True)
