"""Five languages: sentences from catalogues, numbers and dates as their readers write them. Reads: the packaged catalogues, once."""

from datetime import date
from functools import lru_cache
from importlib.resources import files

from babel import Locale, dates, numbers
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from gensvar.kit.errors import BadInput, nearest

LANGUAGES = ("en", "sv", "nb", "da", "fi")
ALIASES = {"no": "nb", "nn": "nb"}
NARROW = "\N{NO-BREAK SPACE}"


def phrase(message: str) -> str:
    """The same text, marked for translation where it stands as data; it is translated when it is said."""
    return message


@lru_cache(maxsize=16)
def catalogue(language: str) -> Catalog:
    """All *.po files of a language as one; English is what the messages are written in."""
    merged = Catalog(locale=language)
    folder = files("gensvar.kit") / "locale" / language / "LC_MESSAGES"
    if language == "en" or not folder.is_dir():
        return merged
    for entry in sorted(folder.iterdir(), key=lambda f: f.name):
        if entry.name.endswith(".po"):
            with entry.open("rb") as file:
                found = read_po(file, locale=language)
            for message in found:
                if message.id:
                    merged[message.id] = message
    return merged


class Translator:
    """Says things in one language. Call it with a message and its values: `say("{n} answers", n=say.number(1200))`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = Locale.parse(language)
        self._catalogue = catalogue(language)
        self._signs = str.maketrans({",": numbers.get_group_symbol(self.locale), ".": numbers.get_decimal_symbol(self.locale), "-": "−"})

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language, with its {places} filled; as written when it has no translation."""
        found = self._catalogue.get(message)
        text = found.string if found is not None and isinstance(found.string, str) and found.string else message
        return text.format(**values) if values else text

    gettext = __call__

    def ngettext(self, one: str, many: str, count: int, **values: object) -> str:
        """The message in the form that this count takes: one or many, as all five languages have it. {n} is the count, unless given."""
        found = self._catalogue.get(one)
        forms = found.string if found is not None else ""
        index = 0 if count == 1 else 1
        text = forms[index] if isinstance(forms, tuple) and index < len(forms) and forms[index] else (one if count == 1 else many)
        return text.format(**{"n": self.number(count), **values})

    def number(self, value: float, digits: int = 0) -> str:
        """With this many decimals, grouped, and a true minus sign.

        >>> translator("sv").number(-1234.56, 1).replace(NARROW, " ")
        '−1 234,6'
        """
        return f"{round(value, digits) or 0.0:,.{digits}f}".translate(self._signs)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share, 0…1, in per cent, with the space that the SI asks for.

        >>> translator("en").percent(0.724).replace(NARROW, " ")
        '72 %'
        """
        return f"{self.number(100 * share, digits)}{NARROW}%"

    def day(self, day: date, style: str = "medium") -> str:
        """A date; style: short, medium, long, full, or a CLDR pattern or skeleton such as `MMM y`."""
        return _day(day, style, self.language)

    def month(self, day: date) -> str:
        """The month and year that a day lies in: October 2026."""
        return dates.format_date(day, format="LLLL y", locale=self.locale)

    def country(self, code: str) -> str:
        """The name of an ISO 3166-1 alpha-2 country; anything else as it is."""
        return str(self.locale.territories.get(code, code)) if len(code) == 2 else code


@lru_cache(maxsize=4096)
def _day(day: date, style: str, language: str) -> str:
    return dates.format_date(day, format=style, locale=language)


@lru_cache(maxsize=16)
def translator(language: str) -> Translator:
    """For en, sv, nb, da or fi, also as sv-SE or no; BadInput for another language."""
    short = language.replace("_", "-").split("-")[0].casefold()
    short = ALIASES.get(short, short)
    if short not in LANGUAGES:
        raise BadInput(f"No language {language!r}", nearest=nearest(short, LANGUAGES), do=f"Languages: {', '.join(LANGUAGES)}.")
    return Translator(short)
