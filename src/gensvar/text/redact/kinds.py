"""What is redacted, and the word that stands in its place: one word for each kind and language, and never another."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple, get_args

from gensvar.kit.language import phrase

Kind = Literal["mail", "link", "ip", "account", "id", "card", "phone", "plate", "user", "address", "name"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
SAID: Final[Mapping[Kind, str]] = {
    "mail": phrase("e-mail addresses"),
    "link": phrase("secrets in links"),
    "ip": phrase("IP addresses"),
    "account": phrase("account numbers"),
    "id": phrase("national ids"),
    "card": phrase("card numbers"),
    "phone": phrase("phone numbers"),
    "plate": phrase("number plates"),
    "user": phrase("user names"),
    "address": phrase("postal addresses"),
    "name": phrase("names"),
}
OTHERWISE: Final = "en"
_ROWS: Final[Mapping[str, str]] = {
    "en": "e-mail|link|IP address|account|national id|card|phone|number plate|user name|address|name",
    "sv": "e-post|länk|IP-adress|konto|personnummer|kort|telefon|regnummer|användarnamn|adress|namn",
    "nb": "e-post|lenke|IP-adresse|konto|fødselsnummer|kort|telefon|regnummer|brukernavn|adresse|navn",
    "da": "e-mail|link|IP-adresse|konto|cpr-nummer|kort|telefon|nummerplade|brugernavn|adresse|navn",
    "fi": "sähköposti|linkki|IP-osoite|tili|henkilötunnus|kortti|puhelin|rekisterinumero|käyttäjätunnus|osoite|nimi",
    "de": "E-Mail|Link|IP-Adresse|Konto|Ausweisnummer|Karte|Telefon|Kennzeichen|Benutzername|Adresse|Name",
    "fr": "e-mail|lien|adresse IP|compte|numéro national|carte|téléphone|plaque|identifiant|adresse|nom",
    "nl": "e-mail|link|IP-adres|rekening|bsn|kaart|telefoon|kenteken|gebruikersnaam|adres|naam",
    "es": "correo|enlace|dirección IP|cuenta|documento|tarjeta|teléfono|matrícula|usuario|dirección|nombre",
    "pt": "e-mail|ligação|endereço IP|conta|documento|cartão|telefone|matrícula|utilizador|morada|nome",
}
PUT: Final[Mapping[str, Mapping[str, str]]] = {
    language: {kind: f"[{word}]" for kind, word in zip(KINDS, row.split("|"), strict=True)} for language, row in _ROWS.items()
}
_SAME: Final = {"no": "nb", "nn": "nb"}


class Span(NamedTuple):
    """A stretch of the text and what it is."""

    start: int
    end: int
    kind: str


def words_for(language: str | None) -> Mapping[str, str]:
    """Kind → placeholder in the text's language, English where that is unknown.

    >>> words_for("sv-FI")["mail"], words_for(None)["mail"]
    ('[e-post]', '[e-mail]')
    """
    short = (language or OTHERWISE).partition("-")[0].lower()
    return PUT.get(_SAME.get(short, short), PUT[OTHERWISE])


def placeholders(own: Iterable[str] = ()) -> re.Pattern[str]:
    """Finds what redaction has put into a text already, in any language."""
    words = {word for row in PUT.values() for word in row.values()} | {f"[{name}]" for name in own}
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
