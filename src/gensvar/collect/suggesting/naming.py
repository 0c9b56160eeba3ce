"""What a suggested measure is called: an id that nobody else has given another meaning, and a title that a reader understands."""

import re
import unicodedata

from gensvar.collect.suggesting.profile import Profile
from gensvar.collect.suggesting.scales import Scale
from gensvar.contracts.measures import Measure, Measures

LONGEST_ID, LONGEST_TITLE = 48, 90
SPECIAL = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ß": "ss", "ü": "u"})
PREFIXES = {"nps": "nps", "enps": "enps", "ces5": "ces", "ces7": "ces", "gcr": "goal", "csat": "rating", "stars": "rating", "scale": "rating"}
CODE = re.compile(r"[a-z]{0,6}[_. ]?\d{1,4}([_. ]\d{1,3})*", re.IGNORECASE)


def slug(text: str, longest: int = LONGEST_ID) -> str:
    """Small letters, digits and underscores, cut between words.

    >>> slug("Inflight wifi service"), slug("Hur nöjd är du?")
    ('inflight_wifi_service', 'hur_nojd_ar_du')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().translate(SPECIAL)).encode("ascii", "ignore").decode()
    whole = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return (whole if len(whole) <= longest else whole[:longest].rpartition("_")[0] or whole[:longest]) or "question"


def title(name: str, label: str) -> str:
    """The question where the column has only one word for a name; of a question asked of several things, the thing.

    >>> title("Q99_1", "Do you agree with the following? - The site was easy to use")
    'The site was easy to use (Q99_1)'
    """
    if " " in name or " " not in label:
        return name
    said = label.rpartition(" - ")[2] or label
    return f"{said if len(said) <= LONGEST_TITLE else said[: LONGEST_TITLE - 1].rstrip() + '…'} ({name})"


def measure_of(p: Profile, s: Scale, source: str, language: str, known: Measures, mine: Measures) -> Measure:
    """The measure of one column. known: of all sources; one that asks the same is used again. mine: those of this file so far, never twice."""
    base = _base(p, s, source)
    numbered = [base, *(f"{base}_{n}" for n in range(2, len(mine.by_key) + 3))]
    own = [f"{name}.{slug(source, 28)}" for name in numbered]
    free = [n for n in (numbered if f"{base}@1" in mine else [base, *own]) if f"{n}@1" not in mine]
    for name in (*numbered, *own):
        made = _made(p, s, language, name)
        if made.key in known and made.key not in mine and _same(known.get(made.key), made):
            return known.get(made.key)
    return next(_made(p, s, language, n) for n in (*free, *own) if f"{n}@1" not in known and f"{n}@1" not in mine)


def _base(p: Profile, s: Scale, source: str) -> str:
    label = p.header.label or p.name
    question, _, part = label.removesuffix("]").partition(" [") if label.endswith("]") else (p.name, "", "")
    if part:
        return f"{PREFIXES[s.metric]}.{slug(question, 28)}.{slug(part, 28)}"
    return f"{PREFIXES[s.metric]}.{slug(source, 28)}.{slug(p.name)}" if CODE.fullmatch(p.name) else f"{PREFIXES[s.metric]}.{slug(p.name)}"


def _made(p: Profile, s: Scale, language: str, name: str) -> Measure:
    label = p.header.label
    return Measure(
        id=name, version=1, metric=s.metric, low=s.low, high=s.high, step=s.step, better=s.better, cut=s.cut,
        name={language: title(p.name, label)}, wording={language: label} if label else {},
    )  # fmt: skip


def _same(known: Measure, made: Measure) -> bool:
    """Whether both ask the same on the same scale, whoever owns it."""
    scale = [(m.metric, m.low, m.high, m.step, m.better, m.cut) for m in (known, made)]
    asked = [{slug(w, 400) for w in m.wording.values()} or {slug(w, 400) for w in m.name.values()} for m in (known, made)]
    return scale[0] == scale[1] and bool(asked[0] & asked[1])
