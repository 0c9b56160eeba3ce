"""Words that say nothing by themselves, per language: the lists of the package `stop-words`, without the words by which people judge."""

from functools import cache
from typing import Final

from stop_words import get_stop_words

from gensvar.text.stems import ALGORITHMS, folded_word

_JUDGING: Final = "bra bäst bättre god goda gott lätt dålig sämre stor liten good great best better bad well help helpful nice clear easy useful"
_KEPT: Final = frozenset(_JUDGING.split())
_ALSO: Final = {
    "sv": "ju väl också även samt får fick ska skall dom hej hejsan hallå tjena mvh förhand hälsning hälsningar",
    "nb": "også får fikk skal veldig ikke jo selv hei heisann hallo mvh forhånd hilsen",
    "da": "også får fik skal meget ikke ikk jo selv bare så efter kun være kan denne dette hej hejsa hallo mvh forhånd hilsen",
    "fi": "oli on ei en ovat ihan jo myös hei moi moikka terve haloo terveisin terveisiä ystävällisin",
    "en": "don doesn didn isn wasn won couldn wouldn can just hello hi hey dear regards cheers sincerely",
    "de": "ja doch schon mal halt immer sehr hallo grüße gruß mfg",
    "nl": "heel erg wel ook niet hallo groet groeten mvg",
}
"""What the lists lack of the language as it is written in feedback."""


@cache
def stopwords(language: str) -> frozenset[str]:
    """The folded words, for a language of `stems.ruled`; none for one without rules.

    >>> "och" in stopwords("sv"), "bra" in stopwords("sv"), stopwords("-")
    (True, False, frozenset())
    """
    if language not in ALGORITHMS:
        return frozenset()
    listed = [*get_stop_words(language), *_ALSO.get(language, "").split()]
    return frozenset(folded_word(part) for word in listed for part in word.split("'") if part and part not in _KEPT)
