"""Where the sentences of a text begin and end, and their clauses: plain rules over signs, the same for every language we read."""

import re
from typing import Final

Span = tuple[int, int]

LONGEST: Final = 20_000
MOST: Final = 200
_SHORT: Final = (
    "t.ex bl.a osv m.m dvs ca kl nr tel st kr resp ang fr.o.m t.o.m f.eks bl.a dvs ca kl nr tlf osv mv pga jf esim mm ym jne ns yms klo puh n "
    "z.b bzw usw ca d.h ggf inkl str dr prof hr fr nr e.g i.e etc mr mrs ms approx vs no p.ex env bijv o.a enz p.ej sra sr av"
)
_ABBREVIATED: Final = frozenset(_SHORT.split())
_EMOJI: Final = r"\U0001F300-\U0001FAFF\u2600-\u27BF\uFE0F\u200D"
# An end is .!?… (and the marks that close a quote behind them) before a blank, or a line's end; an emoji ends what it stands behind.
# Each run is tried once, from where it begins and never back: time grows with the text alone, be it 20,000 emoji.
_END: Final = re.compile(rf"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s|$)|[\n\r\u2028\u2029]+|[。！？]+|(?<![{_EMOJI}])[{_EMOJI}]++(?=\s++[A-ZÅÄÖÆØÜÉ])")
_SEEN: Final = re.compile(r"\S")
_WORD_BEFORE: Final = re.compile(r"[\w.]*$")
_SAYS: Final = re.compile(r"\w|[\U0001F300-\U0001FAFF\u2600-\u27BF]|[:;=][-']?[)(DPp/|]")
_CONTRAST: Final = re.compile(
    r"(?:[,;–—]\s*+|(?<!\s)\s++-++\s++|(?<!\s)\s++)(?:men|mutta|but|aber|jedoch|however|although|though|fast|dock|tyvärr|desværre|dessverre|"
    r"valitettavasti|leider|unfortunately|maar|echter|mais|pero|mas|porém|sin embargo|selv om|selvom|även om|trots att|vaikka|obwohl|except|förutom|"
    r"bortset fra|bortsett fra)(?=\s)",
    re.IGNORECASE,
)


def _is_end(text: str, at: re.Match[str]) -> bool:
    """False for the dot of an abbreviation or of an ordinal before a small letter."""
    if not at.group().startswith(".") or len(at.group()) > 1:
        return True
    found = _WORD_BEFORE.search(text, max(0, at.start() - 12), at.start())
    word = found.group().lower() if found else ""
    following = text[at.end() : at.end() + 2].strip()
    if word in _ABBREVIATED:
        return False
    return not (word.isdigit() and len(word) <= 2 and following[:1].islower())


def sentences(text: str) -> tuple[Span, ...]:
    """Spans of the sentences, in order, without the blanks around them; none of a text that says nothing. At most MOST of the first LONGEST signs.

    >>> [text[a:b] for text in ["Bra! Men t.ex. priset..."] for a, b in sentences(text)]
    ['Bra!', 'Men t.ex. priset...']
    """
    text = text[:LONGEST]
    found: list[Span] = []
    start = 0
    for end in (*(m.end() for m in _END.finditer(text) if _is_end(text, m)), len(text)):
        piece = text[start:end]
        if _SAYS.search(piece):
            lead = len(piece) - len(piece.lstrip())
            found.append((start + lead, start + len(piece.rstrip())))
        elif found and piece.strip():
            found[-1] = (found[-1][0], start + len(piece.rstrip()))
        start = end
    return tuple(found[:MOST])


def clauses(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """The clauses of text[start:end], cut before a word of contrast; each at least two words, else it stays with its neighbour.

    >>> [text[a:b] for text in ["Maten var god men dyr och kall"] for a, b in clauses(text)]
    ['Maten var god', ' men dyr och kall']
    """
    stop = len(text) if end is None else end
    cuts = [start]
    for m in _CONTRAST.finditer(text, start, stop):
        if len(text[cuts[-1] : m.start()].split()) >= 2 and _SEEN.search(text, m.end(), stop):
            cuts.append(m.start())
    return tuple(zip(cuts, [*cuts[1:], stop], strict=True))
