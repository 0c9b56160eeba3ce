"""Postal addresses: a street and a number, with flat, postcode and town where they follow; and number plates where they are called so."""

import re
from collections.abc import Iterator
from typing import Final

from gensvar.text.redact.kinds import Span
from gensvar.text.redact.names import lexicon

_UP, _LOW = "A-ZÀ-ÖØ-ÞŠŽČ", "a-zß-öø-ÿšžč"
_CAP: Final = rf"[{_UP}][{_LOW}'’]*(?:-[{_UP}]?[{_LOW}]+)*"
_NUMBER: Final = r"\d{1,4}(?:(?:[A-Za-z]| [A-Z])(?![\w'’]))?(?:[-/]\d{1,3})?"
_UNIT: Final = (
    r"(?!\s?(?:mil|km|m|min|minut\w*|h|tim\w*|dag\w*|dager|år|vuot\w*|päiv\w*|%|kr|kroner|kronor|euro\w*|€|gång\w*|ganger|gange|personer|stjärn\w*|"
    r"stjerner|stars?|hours?|minutes?|miles?|days?|weeks?|uker|uger|veckor|viikko\w*|oli|on|är|er|is|av|of)\b)"
)
_FLAT: Final = (
    r"(?:,? (?:lgh|läg|leil|bnr|as|asunto) ?\d{1,5}|,? \d{1,2} ?tr\b|, ?(?:st|kl|\d{1,2})\.? ?(?:sal)? ?(?:tv|th|mf)\b\.?| [A-Z] ?\d{1,3}\b|"
    r" \d{1,3}\b(?=,? \d{5} ))?"
)
_TOWN: Final = rf"{_CAP}(?:[ -]{_CAP}){{0,2}}(?: [SVNØK]{{1,2}}\b)?"
_POST: Final = rf"(?:,? ?(?:[A-Z]{{1,2}}-)?(?:\d{{3}} ?\d{{2}}|\d{{4}}(?: ?[A-Z]{{2}})?|\d{{4}}-\d{{3}}) {_TOWN})?"
_SUFFIX: Final = (
    r"(?:gatan|gata|gaten|gate|gade|gaden|vägen|väg|veien|vegen|vei|veg|vejen|vej|stigen|stig|stien|sti|gränd|gränden|allén|allé|torget|torg|torv|"
    r"backen|bakken|bakke|leden|kajen|platsen|promenaden|esplanaden|svingen|kroken|ringen|tunet|haugen|stræde|vænge|brygge|gården|"
    r"katu|kadulla|tie|kuja|polku|rinne|kaari|raitti|puistikko|väylä|aukio|esplanadi|bulevardi|ranta|penger|"
    r"straße|strasse|str\.|weg|platz|gasse|allee|damm|ufer|chaussee|straat|laan|plein|gracht|kade|singel|steeg|dijk)"
)
_APART: Final = r"(?:gate|gata|vei|veg|vej|allé|plass|plads|terrasse|torg|väg|gränd|Straße|Strasse|Str\.|Weg|Platz|Allee)"
_REST: Final = rf"{_NUMBER}(?!\d|[.,:]\d){_UNIT}{_FLAT}{_POST}"
JOINED: Final = re.compile(rf"(?<![\w-])(?:{_CAP} ){{0,2}}[{_UP}](?:[{_LOW}'’-]){{1,24}}{_SUFFIX} {_REST}")
APART: Final = re.compile(rf"(?<![\w-])(?:{_CAP} ){{1,3}}{_APART} {_REST}")
_STREET: Final = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Terrace|Way|Place|Pl|Square|Sq|Gardens|Grove|Crescent|Hill|Row|Mews|Boulevard|"
    r"Blvd|Highway|Hwy|Parkway|Pkwy|Walk|Green|Rise|View)"
)
_UK_POST: Final = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
_ENGLISH_POST: Final = rf"(?:,? (?:Apt|Flat|Unit|Suite|#) ?\w{{1,4}})?(?:,? {_TOWN})?(?:,? (?:{_UK_POST}|[A-Z]{{2}} \d{{5}}(?:-\d{{4}})?))"
ENGLISH: Final = re.compile(
    rf"(?<![\w.,])(?:(?:Flat|Apartment|Apt|Unit) \w{{1,4}}, ?)?\d{{1,5}}[A-Z]? (?:{_CAP} ){{1,3}}{_STREET}\b\.?(?:{_ENGLISH_POST})?"
)
_RUE: Final = r"(?:rue|avenue|av\.|boulevard|bd|place|chemin|impasse|allée|quai|route|cours|square)"
FRENCH: Final = re.compile(
    rf"(?<![\w.,])\d{{1,4}}(?: ?(?:bis|ter))?,? {_RUE} (?:(?:de|du|des|la|le|les|l['’]|d['’]) ?){{0,3}}{_CAP}(?:[ -]{_CAP}){{0,3}}{_POST}"
)
_CALLE: Final = (
    r"(?:[Cc]alle|C/|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Pp]aseo|[Rr]onda|[Rr]ua|R\.|Av\.|[Tt]ravessa|[Pp]raça|[Ll]argo|[Ee]strada|[Aa]lameda)"
)
IBERIAN: Final = re.compile(
    rf"(?<!\w){_CALLE} ?(?:(?:de|do|da|dos|das|del|la|las|los|el) ){{0,3}}{_CAP}(?: (?:de |do |da |del |dos |das )?{_CAP}){{0,3}}"
    rf",? (?:n[º.o°] ?)?\d{{1,4}}(?!\d|[.,:]\d)(?:,? ?\d{{1,2}}[º.ª°] ?\w{{0,3}})?{_POST}"
)
_KEY: Final = (
    r"(?:adress(?:en|e)?|adresse[nr]?|adressen|address|osoite(?:eni|eeni|essa|eeseen)?|anschrift|dirección|domicilio|morada|endereço|adres|"
    r"bor (?:på|i)|asun|live at|living at|wohne|wohnt|j['’]habite|vivo en|moro na|moro no|woon op|woon aan)"
)
_JOIN: Final = r"(?: (?i:min|mi|är|er|is|on|ist|est|es|é|osoitteessa|au|aan|op|in|auf|am|der|en|na|no))*[:,]? ?"
KEYED: Final = re.compile(rf"\b(?i:{_KEY}){_JOIN}((?:{_CAP} ){{1,3}}{_REST})")
NEVER: Final = re.compile(r"(?:arbeids|arbejds|parkerings|Feedback|Catering|Onderweg|Unterweg)", re.IGNORECASE)
QUALIFIERS: Final = frozenset({
    "lilla", "stora", "norra", "södra", "östra", "västra", "gamla", "nya", "övre", "nedre", "store", "lille", "nordre", "søndre", "østre", "vestre",
    "øvre", "gamle", "ny", "nye", "sankt", "st", "kong", "kung", "dronning", "drottning", "pohjoinen", "eteläinen", "itäinen", "läntinen", "iso",
    "pieni", "vanha", "uusi", "kleine", "große", "alte", "neue", "obere", "untere", "am", "an", "im",
})  # fmt: skip
NUMBERED: Final = re.compile(r"[^\W\d_][.,º]{0,2} (?:n[º.o°] ?)?\d|\d[A-Za-z]?,? [A-Za-z]")
KEYS: Final = re.compile("adress|address|osoite|anschrift|direcci|domicil|morada|endere|adres|bor |asun|liv|wohn|habite|vivo|moro|woon")
ENDINGS: Final = re.compile(_SUFFIX.removesuffix(")") + "|plass|plads|terrasse) [0-9]")
WAYS: Final = re.compile(
    r"rue|avenue|av\.|boulevard|bd|place|chemin|impasse|quai|route|cours|square|"
    r"calle|c/|avenida|avda|plaza|paseo|ronda|rua|r\.|travessa|praça|largo|estrada|alameda"
)
PLATED: Final = re.compile("reg|plate|plat|nummerpl|skilt|bilnummer|kennzeichen|rek|kenteken|matr|plaque")
PLATE: Final = re.compile(
    r"(?i:\b(?:reg(?:istrerings|istrations|\.|istreringsnumret|istration)?[ .\-]?(?:nr|num\w*|no|number|plate)?|registration|"
    r"(?:number|licen[cs]e) plate|nummerplat\w*|nummerpl[aå]de\w*|skiltn\w*|bilnummer|kennzeichen|rekisteri\w*|rek\.? ?n:?r?o|kenteken|matr[ií]cula|"
    r"plaque|immatriculation)\b\.?(?: ?(?:är|er|is|on|ist|est|es|é)\b)?[: ]{1,2})"
    r"([A-ZÅÄÖ]{1,3}[ -]?\d{1,4}[ -]?(?:[A-Z]{1,3}|\d{1,3}[A-Z]?)?(?![\w]))"
)


def addresses(text: str, low: str) -> Iterator[Span]:
    for pattern in _tried(text, low):
        group = 1 if pattern is KEYED else 0
        for m in pattern.finditer(text):
            if not NEVER.search(m[0]):
                start = m.start(group) + (_lead(m[group]) if pattern in (JOINED, APART) else 0)
                yield Span(start, m.start(group) + len(m[group].rstrip(" ,")), "address")


def _tried(text: str, low: str) -> Iterator[re.Pattern[str]]:
    """The patterns that have a chance here: each costs more than the words it cannot do without."""
    if not NUMBERED.search(text):
        return
    if KEYS.search(low):
        yield KEYED
    if ENDINGS.search(low):
        yield JOINED
        yield APART
    yield ENGLISH
    if WAYS.search(low):
        yield FRENCH
        yield IBERIAN


def _lead(said: str) -> int:
    """How much before the street belongs to the sentence: words that no street begins with."""
    lex, at = lexicon(), 0
    while (end := said.find(" ", at)) > 0 and said[end + 1 : end + 2].isupper():
        word = said[at:end].lower()
        if word in QUALIFIERS or lex.may(word) or (word.endswith("s") and word not in lex.words):
            break
        at = end + 1
    return at


def plates(text: str, low: str) -> Iterator[Span]:
    if PLATED.search(low):
        yield from (Span(m.start(1), m.end(1), "plate") for m in PLATE.finditer(text))
