"""How people really type: slips, lower case, missing full stops, emoji, shouting, a keyboard without å."""

from random import Random

EMOJI = {1: ("🙂", "👍", "😊", "❤️", "🎉", "🙏"), 0: ("🤷", "🙂", "😅", "🙏"), -1: ("😡", "🙄", "👎", "😤", "🤷", "😅")}
FLAT = {
    "sv": str.maketrans("åäöÅÄÖ", "aaoAAO"),
    "fi": str.maketrans("äöÄÖ", "aoAO"),
    "nb": str.maketrans("åÅ", "aA"),
    "da": str.maketrans("åÅ", "aA"),
    "en": str.maketrans("’", "'"),
}
PLAIN_SHARE = 0.58


def touched(rng: Random, text: str, language: str, tone: int = 0, emoji: bool = True) -> str:
    """The text as typed: most are left as they are; an address or a number is never harmed. tone: −1, 0 or 1."""
    if rng.random() < PLAIN_SHARE or "@" in text or "+46" in text:
        return text
    roll = rng.random()
    if roll < 0.28:
        return text.lower()
    if roll < 0.52:
        return text.rstrip(".")
    if roll < 0.74:
        return slipped(rng, text)
    if roll < 0.86:
        return f"{text} {rng.choice(EMOJI[tone])}" if emoji else text
    if roll < 0.91:
        return text.rstrip(".") + rng.choice(["!", "!!", "!!!", "..."])
    if roll < 0.97:
        return text.translate(FLAT[language])
    return text.upper()


def slipped(rng: Random, text: str) -> str:
    """The text with one slip of the finger inside a word: two letters swapped, one lost or one doubled."""
    inside = [i for i in range(1, len(text) - 2) if text[i].isalpha() and text[i - 1].isalpha() and text[i + 1].isalpha()]
    if not inside:
        return text
    at = rng.choice(inside)
    swap, lost, double = text[at + 1] + text[at], text[at + 1], text[at] * 2 + text[at + 1]
    return text[:at] + rng.choice([swap, lost, double]) + text[at + 2 :]
