"""Changes of topics, each a pure function from a taxonomy to a taxonomy. An id is never given twice, and what a topic was stays to be seen."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from gensvar.contracts.topics import TOPIC_ID, WORK, About, Taxonomy, Topic
from gensvar.kit.errors import BadInput, Conflict

MOST_EXAMPLES: Final = 20
LONGEST_EXAMPLE: Final = 2_000
LONGEST_NAME: Final = 60
MOST_OWN: Final = 200
_ID_SIGNS: Final = 40
_SPELT: Final = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "ð": "d", "þ": "th", "ł": "l"})


def added(
    taxonomy: Taxonomy, name: Mapping[str, str], examples: Sequence[str], *, parent: str = "", about: About = "customers", terms: Sequence[str] = ()
) -> Taxonomy:
    """With one topic more, known by its examples and by words that always mean it. parent: the topic that it becomes a part of, else empty.

    BadInput without a name, without an example or a word, or with too many of them.
    """
    above = _in_force(taxonomy, parent) if parent else None
    if above is not None and above.parent:
        raise BadInput(f"{parent!r} is a part itself", do="Add the topic to the whole, or beside it.")
    if sum(not t.shipped for t in taxonomy.topics.values()) >= MOST_OWN:
        raise BadInput(f"There are {MOST_OWN} topics of your own already", do="Give an existing one more examples, or rename it.")
    names, shown, words = _names(name), _examples(examples), _terms(terms)
    if not shown and not words:
        raise BadInput("A new topic needs an example", do=f"Give 1 to {MOST_EXAMPLES} texts of it; ten are much better than one.")
    speaks: About = above.about if above else about
    topic = Topic(
        id=_new_id(taxonomy, next(iter(names.values())), parent, speaks), parent=parent, about=speaks, name=names, examples=shown, terms=words
    )
    return _with(taxonomy, topic)


def renamed(taxonomy: Taxonomy, name: str, names: Mapping[str, str]) -> Taxonomy:
    """The topic is called so from now on; a language that is left empty falls back. The id stays."""
    topic = _in_force(taxonomy, name)
    left = {code: text for code, text in {**topic.name, **names}.items() if text.strip()}
    if not left and not topic.shipped:
        raise BadInput("A topic needs a name", do="Write it in one language at least.")
    return _with(taxonomy, replace(topic, name=_names(left) if left else {}))


def taught(taxonomy: Taxonomy, name: str, examples: Sequence[str], terms: Sequence[str] = ()) -> Taxonomy:
    """The topic is known by these examples and words from now on, instead of those before; a shipped one knows what it knew beside them."""
    topic = _in_force(taxonomy, name)
    shown, words = _examples(examples), _terms(terms)
    if not shown and not words and not topic.shipped:
        raise BadInput("A topic of one's own needs an example", do="Leave one, or remove the topic.")
    return _with(taxonomy, replace(topic, examples=shown, terms=words))


def merged(taxonomy: Taxonomy, name: str, into: str) -> Taxonomy:
    """What was said of the first is said of the second; its parts become parts of the second, and its examples stand for it too."""
    one, other = _in_force(taxonomy, name), _in_force(taxonomy, into)
    if name == into or other.parent == name:
        raise BadInput(f"{name!r} cannot be merged into itself or a part of itself", do="Merge the part into the whole.")
    if one.about != other.about:
        raise BadInput("Topics of customers and of employees stay apart")
    home = other.parent or into
    moved = [replace(t, parent=home) for t in taxonomy.parts(name)]
    kept = tuple(dict.fromkeys((*other.examples, *one.examples)))[:MOST_EXAMPLES]
    both = replace(other, examples=kept, terms=tuple(dict.fromkeys((*other.terms, *one.terms))))
    return _with(taxonomy, replace(one, into=into), both, *moved)


def split(taxonomy: Taxonomy, name: str, parts: Sequence[tuple[Mapping[str, str], Sequence[str]]], *, apart: bool = False) -> Taxonomy:
    """Each (name, examples) becomes a part of the topic, or with `apart` a topic beside it. The topic itself stays."""
    topic = _in_force(taxonomy, name)
    if len(parts) < 2 and not topic.parent and not apart and not taxonomy.parts(name):
        raise BadInput("A split makes two topics or more", do="Name each, with examples.")
    home = topic.parent if apart else topic.parent or name
    for names, examples in parts:
        taxonomy = added(taxonomy, names, examples, parent=home, about=topic.about)
    return taxonomy


def removed(taxonomy: Taxonomy, name: str) -> Taxonomy:
    """Nothing is said of the topic and its parts any longer; their ids stay theirs."""
    topic = _in_force(taxonomy, name)
    return _with(taxonomy, *(replace(t, removed=True) for t in (topic, *taxonomy.parts(name))))


def undone(taxonomy: Taxonomy, before: Taxonomy) -> Taxonomy:
    """The topics as they were before; one that came since is removed, since its id stays its own."""
    since = {name: replace(t, removed=True) for name, t in taxonomy.topics.items() if name not in before.topics}
    return Taxonomy(taxonomy.version, {**before.topics, **since})


def _with(taxonomy: Taxonomy, *topics: Topic) -> Taxonomy:
    return Taxonomy(taxonomy.version, {**taxonomy.topics, **{t.id: t for t in topics}})


def _in_force(taxonomy: Taxonomy, name: str) -> Topic:
    topic = taxonomy.get(name)
    if topic.removed or topic.into:
        raise Conflict(f"The topic {name!r} is no longer in force", do="Undo what took it out, or load the page again.")
    return topic


def _names(names: Mapping[str, str]) -> dict[str, str]:
    tidy = {code: " ".join(text.split()) for code, text in names.items() if text.strip()}
    if not tidy:
        raise BadInput("A topic needs a name", do="Write it in one language at least.")
    if long := [text for text in tidy.values() if len(text) > LONGEST_NAME]:
        raise BadInput(f"The name {long[0][:LONGEST_NAME]!r}… is too long", do=f"At most {LONGEST_NAME} signs.")
    return tidy


def _examples(texts: Sequence[str]) -> tuple[str, ...]:
    tidy = tuple(dict.fromkeys(" ".join(text.split()) for text in texts if text.strip()))
    if len(tidy) > MOST_EXAMPLES:
        raise BadInput(f"{len(tidy)} examples are more than a topic takes", do=f"Keep the {MOST_EXAMPLES} that differ most.")
    if any(len(text) > LONGEST_EXAMPLE for text in tidy):
        raise BadInput("An example is too long", do=f"At most {LONGEST_EXAMPLE} signs; a sentence is best.")
    return tidy


def _terms(words: Sequence[str]) -> tuple[str, ...]:
    tidy = tuple(dict.fromkeys(" ".join(word.casefold().split()) for word in words if word.strip()))
    if len(tidy) > MOST_EXAMPLES or any(len(word) > LONGEST_NAME for word in tidy):
        raise BadInput("Too many or too long words for one topic", do=f"At most {MOST_EXAMPLES}, each of at most {LONGEST_NAME} signs.")
    return tidy


def _new_id(taxonomy: Taxonomy, name: str, parent: str, about: About) -> str:
    """An id after the name that no topic has or had.

    >>> _new_id(Taxonomy(0, {}), "Köer i kassan!", "", "customers"), _new_id(Taxonomy(0, {}), "退款", "price", "customers")
    ('koer_i_kassan', 'price.topic')
    """
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_SPELT)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_ID_SIGNS].strip("_")
    slug = slug if slug[:1].isalpha() else f"topic_{slug}".strip("_")
    above = parent or (WORK if about == "employees" else "")
    first = f"{above}.{slug}" if above else slug
    taken = {*taxonomy.topics, WORK}
    made = next(one for n in range(1, len(taken) + 2) if (one := first if n == 1 else f"{first}_{n}") not in taken)
    if not TOPIC_ID.fullmatch(made):
        raise BadInput(f"The topic {parent!r} lies too deep for parts", do="Add the topic beside it.")
    return made
