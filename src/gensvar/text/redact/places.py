"""Postal addresses: a street and a number, with flat, postcode and town where they follow; and number plates where they are called so."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gensvar.text.redact.kinds import Span
from gensvar.text.redact.names import GERMAN, lexicon


def _words(said: str) -> tuple[str, ...]:
    return tuple(said.split())


_UP, _LOW = "A-ZÀ-ÖØ-ÞŠŽČ", "a-zß-öø-ÿšžč"
_CAP: Final = rf"[{_UP}][{_LOW}'’]*(?:-[{_UP}]?[{_LOW}]+)*"
_LETTER: Final = r"(?: ?[A-Z](?: ?\d{1,3})?| ?[a-h] \d{1,3}|[a-z]| [b-dfgh]| [IVX]{2,4})(?![\w'’])"
_NUMBER: Final = rf"\d{{1,4}}(?:[-–/]\d{{1,4}}(?!\d))?(?:{_LETTER})?(?:-(?:[IVX]{{1,4}}|hs|bis|\d{{1,3}}[a-z]?)\b)?"
_UNIT: Final = (
    r"(?!\s?(?:mil|km|m|min|minu+t\w*|h|tim\w*|dag\w*|dager|år|vuot\w*|päiv\w*|%|kr|kroner|kronor|euro\w*|€|gång\w*|ganger|gange|personer|stjärn\w*|"
    r"stjerner|stars?|hours?|minutes?|miles?|days?|weeks?|uker|uger|veckor|viikko\w*|kilomet\w*|meter|metriä|mal|keer|fois|veces|vezes|stunden|"
    r"uur|heures?|horas?|tunti\w*|kerta\w*|kpl|oli|on|är|er|is|av|of)\b)"
)
_FLAT: Final = (
    r"(?:,? (?:lgh|läg|leil|bnr|as|asunto|lh|hs|bis|huis)\.? ?\d{0,5}\b|,? \d{1,2} ?tr\b|,? \d{1,2}\. ?(?:krs|kerros)\b|"
    r",? (?:st|kld?|\d{1,2})\.? ?(?:sal)?,? ?(?:tv|th|mf)\b\.?|, ?(?:st|kld?)\b\.?|, ?\d{1,2}\.(?! ?\d)(?: ?sal\b)?|, ?\d{1,2}(?=,? \d{4} )|"
    r" \d{1,3}\b(?=,? \d{5} ))?"
)
_TOWN: Final = rf"(?:[{_UP}]{{3,20}}\b|{_CAP}(?:[ -](?:(?:am|an der|im|sur) )?{_CAP}){{0,2}}(?: [SVNØK]{{1,2}}\b)?)"
_POST: Final = rf"(?:,? ?(?:[A-Z]{{1,2}}-)?(?:\d{{3}} ?\d{{2}}|\d{{4}}-\d{{3}}|\d{{4}}(?: ?[A-Z]{{2}})?) {_TOWN})"
_CASES: Final = ("", "n", "lla", "llä", "lta", "ltä", "lle", "ssa", "ssä", "sta", "stä")
_FINNISH: Final = _words(
    "katu kadu tie kuja polku polu rinne rintee kaari kaare raitti raiti puistikko puistiko väylä aukio esplanadi bulevardi ranta ranna penger "
    "penkeree kauppatori"
)
_SUFFIX: Final = _words(
    "gatan gata gaten gate gade gaden vägen väg veien vegen vei veg vejen vej stigen stig stien sti gränd gränden allén allé torget torg torv "
    "backen bakken bakke leden kajen platsen promenaden esplanaden svingen kroken ringen tunet haugen stræde vænge vænget brygge gården boulevard "
    "boulevarden straße strasse str. weg platz gasse allee damm ufer chaussee straat laan plein gracht kade singel steeg dijk"
)
_APART: Final = (
    r"(?:[Gg]ate|[Gg]ata|[Gg]ade|[Vv]ei|[Vv]eg|[Vv]ej|[Aa]llé|[Pp]lass|[Pp]lads|[Tt]errasse|[Tt]org|[Tt]orv|[Vv]äg|[Gg]ränd|[Bb]oulevard|[Bb]rygge|[Kk]atu|[Tt]ie|"
    r"Straße|Strasse|Str\.|Weg|Platz|Allee|Ring|Markt|Gracht|Straat|Laan|Kade|Singel|Dijk)"
)
_FAINT_FINNISH: Final = _words("mäki mäe kulma silta silla laakso harju kallio törmä portti piha")
_FAINT: Final = _words("haven parken vangen toften lunden engen husene marken")


def _any(endings: Iterable[str], cases: Sequence[str] = ("",)) -> str:
    return f"(?:(?:{'|'.join(map(re.escape, endings))})(?:{'|'.join(reversed(cases))}))"


_BEFORE: Final = rf"(?:(?:{_CAP}|(?:[{_UP}]\.){{1,3}}|[{_UP}][{_LOW}]{{1,3}}\.|\d{{1,2}}e) (?:(?:de|van|von|van de|van der|van den) )?)"
_REST: Final = rf"{_NUMBER}(?!\d|[.,:]\d){_UNIT}{_FLAT}{_POST}?"
_SURE: Final = (
    rf"{_NUMBER}(?!\d|[.,:]\d)(?:(?<=[A-Z] \d)|(?<=[A-Z] \d\d)|(?<=[A-Z] \d\d\d)|(?={_POST})|(?=, ?(?:st\b|\d{{1,2}}\. ?(?:sal|t[vh]|mf))))"
)
JOINED: Final = re.compile(
    rf"(?<![\w-]){_BEFORE}{{0,2}}(?P<street>[{_UP}](?:[{_LOW}'’-]){{1,24}}(?:{_any(_SUFFIX)}|{_any(_FINNISH, _CASES)})) {_REST}"
)
APART: Final = re.compile(rf"(?<![\w-]){_BEFORE}{{0,2}}(?P<street>{_BEFORE}{_APART}) {_REST}")
FINNISH_STREET: Final = re.compile(rf"{_any(_FINNISH, _CASES)}$")
LED: Final = (JOINED, APART)
NEAR: Final = 8
FAINTLY: Final = re.compile(rf"(?<![\w-])[{_UP}](?:[{_LOW}'’-]){{1,24}}(?:{_any(_FAINT)}|{_any(_FAINT_FINNISH, _CASES)}) {_SURE}{_FLAT}{_POST}?")
_AT: Final = r"(?:Am|An der|An den|Im|In der|In den|Zum|Zur|Unter den|Auf der|Auf dem|Hinter der|Vor dem)"
AT_THE: Final = re.compile(rf"(?<![\w-]){_AT} {_CAP}(?: {_CAP})? {_NUMBER}(?!\d|[.,:]\d){_POST}")
DUTCH: Final = re.compile(rf"(?<![\w-])(?:Laan|Plein|Kade)(?: (?:van|der|den|de|het|\d{{4}}))*(?: {_CAP}){{0,3}} {_REST}")
_STREET: Final = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Terrace|Way|Place|Pl|Square|Sq|Gardens|Grove|Crescent|Hill|Row|Mews|Boulevard|"
    r"Blvd|Highway|Hwy|Parkway|Pkwy|Walk|Green|Rise|View)"
)
_UK_POST: Final = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
_ENGLISH_POST: Final = rf"(?:,? (?:Apt|Flat|Unit|Suite|#) ?\w{{1,4}})?(?:,? {_TOWN})?(?:,? (?:{_UK_POST}|[A-Z]{{2}} \d{{5}}(?:-\d{{4}})?))"
ENGLISH: Final = re.compile(
    rf"(?<![\w.,])(?:(?:Flat|Apartment|Apt|Unit) \w{{1,4}}, ?)?\d{{1,5}}[A-Z]? (?:{_CAP} ){{1,3}}{_STREET}\b\.?(?:{_ENGLISH_POST})?"
)
_RUE: Final = (
    r"(?:[Rr]ue|[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d\.?|[Pp]lace|[Cc]hemin|[Ii]mpasse|[Aa]llée|[Qq]uai|[Pp]assage|[Ss]entier|route|cours|square)"
)
_OF_MONTH: Final = r"\d{1,2} (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)(?: (?:18|19|20)\d\d)?"
FRENCH: Final = re.compile(
    rf"(?<![\w.,])\d{{1,4}}(?: ?(?:bis|ter))?,? {_RUE} (?:(?:de|du|des|la|le|les|l['’]|d['’]) ?){{0,3}}"
    rf"(?:{_OF_MONTH}|{_CAP}(?:[ -](?:(?:de|du|des|la|le|et) ){{0,2}}{_CAP}){{0,3}}){_POST}?"
)
_CALLE: Final = (
    r"(?:[Cc]alle|C/|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Pp]za\.|[Pp]aseo|[Rr]onda|[Cc]amino|[Cc]arretera|[Cc]tra\.|[Tt]ravesía|[Gg]ran|[Gg]lorieta|[Cc]arrer|"
    r"[Rr]ua|R\.|Av\.|[Tt]ravessa|[Pp]raça|[Ll]argo|[Ee]strada|[Aa]lameda|[Bb]eco|[Rr]odovia)"
)
_FLOOR: Final = (
    r"(?:,?(?: -)? ?(?:\d{1,2}[º.ª°]{1,2}(?: ?(?:[A-Z]|[Ii]zq\w*|[Ii]zda|[Dd]cha|[Dd]er\w*|[Ee]sq\w*|[Dd]to|[Dd]ir\w*|[Ff]te|andar)\b\.?)?|"
    r"[Bb]ajo(?: [A-Z]\b)?|[Áá]tico|[Ee]ntlo\.?|(?:[Pp]iso|[Pp]uerta|[Pp]ortal|[Aa]pto?\.?|[Bb]loco) ?\w{1,4}\b|[-–]? ?R/C\b)){0,3}"
)
IBERIAN: Final = re.compile(
    rf"(?<!\w){_CALLE} ?(?:(?:de|do|da|dos|das|del|la|las|los|el) ){{0,3}}(?:\d{{1,2}} de )?(?:(?:Dr|Eng|Prof|Gen|Alm|D)\. )?"
    rf"{_CAP}(?: (?:de |do |da |del |dos |das )?{_CAP}){{0,4}},? (?:n[º.o°]{{1,2}} ?)?\d{{1,4}}(?!\d|[.,:]\d){_UNIT}{_FLOOR}{_POST}?"
)
_KEY: Final = (
    r"(?:\w{0,16}adress(?:en|e)?|\w{0,16}adresse[nr]?|address|osoit\w*|anschrift|dirección|domicilio|morada|endereço|adres|bor (?:på|i)|bor|"
    r"asu(?:n|mme|in|imme|vat)|koti(?:ni|mme)|live at|living at|wohne|wohnen|wohnt|j['’]habite|vivo en|vivimos en|moro na|moro no|woon op|"
    r"woon aan|wonen aan)"
)
_JOIN: Final = r"(?: (?:min|mi|är|er|is|on|ist|lautet|est|es|é|osoitteessa|au|aan|op|in|auf|am|der|en|na|no|de))*[:,]? ?"
KEYED: Final = re.compile(rf"\b(?i:{_KEY}){_JOIN}((?:{_AT} )?{_BEFORE}{{0,2}}{_CAP} {_REST})")
NEVER: Final = re.compile(
    r"arbeids|arbejds|parkerings|Feedback|Catering|Onderweg|Unterweg|"
    r"\b(?:motor|riks|europa|läns|fylkes|hoved)(?:väg|vei|veg|vej) |\bbundesstra|\b(?:valta|kanta|kehä|seutu|moottori|yhdys)tie",
    re.IGNORECASE,
)
QUALIFIERS: Final = frozenset({
    "lilla", "stora", "norra", "södra", "östra", "västra", "gamla", "nya", "övre", "nedre", "store", "lille", "nordre", "søndre", "østre", "vestre",
    "øvre", "gamle", "gammel", "ny", "nye", "sankt", "st", "kong", "kung", "dronning", "drottning", "kleine", "große", "alte", "neue", "obere",
    "an", "im", "gl", "untere", "sdr", "ndr", "nr", "skt", "ll", "vester", "øster", "sønder", "nørre", "oude", "nieuwe", "grote", "lange", "korte",
    "am", "burgemeester", "professor", "prof", "dr", "doktor", "general", "generaal", "prins", "prinses", "prinz", "kaiser", "könig", "oberst",
    "admiral",
})  # fmt: skip
QUALIFIED: Final = ("itäi", "länti", "pohjoi", "eteläi", "vanha", "uusi", "uude", "iso", "piene", "pieni", "ylin", "alin", "keski", "ylä", "ala")
NUMBERED: Final = re.compile(r"[^\W\d_][.,º]{0,2} (?:n[º.o°]{1,2} ?)?\d|\d[A-Za-z]?,? [A-Za-z]")
HEADS: Final = re.compile(r"([^\W\d_]+\.?) (?=[0-9])")
ENDINGS: Final = (
    *_SUFFIX, *(stem + case for stem in _FINNISH for case in _CASES), "plass", "plads", "terrasse", "ring", "markt", "brygge", "katu", "tie",
)  # fmt: skip
FAINT_ENDINGS: Final = (*_FAINT, *(stem + case for stem in _FAINT_FINNISH for case in _CASES))
AT_WORDS: Final = ("am ", "an de", "im ", "in de", "zum ", "zur ", "unter den ", "auf de", "hinter der ", "vor dem ")
DUTCH_WORDS: Final = ("laan ", "plein ", "kade ")
RUES: Final = (
    "rue ", "avenue ", "av. ", "boulevard ", "bd ", "bd. ", "place ", "chemin ", "impasse ", "allée ", "quai ", "passage ", "sentier ", "route ",
    "cours ", "square ",
)  # fmt: skip
CALLES: Final = (
    "calle ", "c/", "avenida ", "avda", "plaza ", "pza.", "paseo ", "ronda ", "camino ", "carretera ", "ctra.", "travesía ", "gran ", "glorieta ",
    "carrer ", "rua ", "r.", "av.", "travessa ", "praça ", "largo ", "estrada ", "alameda ", "beco ", "rodovia ",
)  # fmt: skip
KEYS: Final = (
    "adress", "address", "osoit", "anschrift", "direcci", "domicil", "morada", "endere", "adres", "bor ", "asu", "koti", "liv", "wohn", "habite",
    "viv", "moro ", "woon", "wonen",
)  # fmt: skip
PLATED: Final = re.compile("reg|plate|plat|nummerpl|skilt|bilnummer|kennzeichen|rek|kenteken|matr|plaque")
PLATE: Final = re.compile(
    r"(?i:\b(?:reg(?:istrerings|istrations|\.|istreringsnumret|istration)?[ .\-]?(?:nr|num\w*|no|number|plate)?|registration|"
    r"(?:number|licen[cs]e) plate|nummerplat\w*|nummerpl[aå]de\w*|skiltn\w*|bilnummer|kennzeichen|rekisteri\w*|rek\.? ?n:?r?o|kenteken|matr[ií]cula|"
    r"plaque|immatriculation)\b\.?(?: ?(?:är|er|is|on|ist|est|es|é)\b)?[: ]{1,2})"
    r"([A-ZÅÄÖ]{1,3}[ -]?\d{1,4}[ -]?(?:[A-Z]{1,3}|\d{1,3}[A-Z]?)?(?![\w]))"
)


def addresses(text: str, low: str) -> Iterator[Span]:
    for pattern in _tried(text, low):
        nouns = pattern in LED and GERMAN.search(text) is not None
        for m in pattern.finditer(text):
            said = m[1] if pattern is KEYED else m[0]
            if not NEVER.search(said):
                end = m.start() + len(m[0].rstrip(" ,"))
                yield Span(_start(text, m, nouns) if pattern in LED else end - len(said.rstrip(" ,")), end, "address")


def _tried(text: str, low: str) -> Iterator[re.Pattern[str]]:
    """The patterns that have a chance here: each costs more than the words it cannot do without."""
    if not NUMBERED.search(text):
        return
    heads = HEADS.findall(low)
    if any(word in low for word in AT_WORDS):
        yield AT_THE
    if any(head.endswith(ENDINGS) for head in heads):
        yield JOINED
        yield APART
    if any(head.endswith(FAINT_ENDINGS) for head in heads):
        yield FAINTLY
    if any(word in low for word in DUTCH_WORDS):
        yield DUTCH
    yield ENGLISH
    if any(word in low for word in RUES):
        yield FRENCH
    if any(word in low for word in CALLES):
        yield IBERIAN
    if any(word in low for word in KEYS):
        yield KEYED


def _start(text: str, found: re.Match[str], nouns: bool) -> int:
    """Where the address begins: words before the street that begin the sentence, and no street, are none of it. nouns: all have capitals here."""
    lex, at, street = lexicon(), found.start(), found.start("street")
    finnish = FINNISH_STREET.search(found["street"]) is not None
    if not nouns and not _begins(text, at):
        return at
    while at < street:
        word = text[at : text.index(" ", at)].lower()
        bare = word.rstrip(".")
        if bare in QUALIFIERS or bare != word or lex.may(bare) or word[0].isdigit() or (word.startswith(QUALIFIED) if finnish else _owns(word)):
            break
        at += len(word) + 1
    return at


def _begins(text: str, at: int) -> bool:
    before = text[max(0, at - NEAR) : at].rstrip(" ")
    return not before or before[-1] in ".!?:;\n(–-"


def _owns(word: str) -> bool:
    return word.endswith("s") and word not in lexicon().words


def plates(text: str, low: str) -> Iterator[Span]:
    if PLATED.search(low):
        yield from (Span(m.start(1), m.end(1), "plate") for m in PLATE.finditer(text))
