"""Passwords: Argon2id (RFC 9106), at least twelve characters, none that is easily guessed. Checking costs the same whether or not there is one."""

from dataclasses import dataclass, field
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from gensvar.kit.language import phrase

LEAST, MOST = 12, 256
STRONG = 3  # of zxcvbn's 0…4: more than 10^8 guesses (Wheeler 2016, USENIX Security)
LOOKED_AT = 72  # the guesser's time grows with the square of the length; what is longer is strong by its first part or repeats it
TOO_SHORT = phrase("A password has at least 12 characters. Three or four words that do not belong together make a good one.")
TOO_LONG = phrase("A password has at most 256 characters.")
TOO_WEAK = phrase("This password is easily guessed. Three or four words that do not belong together are harder to guess, and easy to remember.")


@dataclass
class Passwords:
    """hasher: Argon2id with the library's parameters (RFC 9106, low memory: 64 MiB, 3 passes, 4 lanes), unless others are handed in."""

    hasher: PasswordHasher = field(default_factory=PasswordHasher)

    @cached_property
    def _nobodys(self) -> str:
        """A hash that no password has, for who is unknown."""
        return self.hasher.hash("nobody's \x00")

    def hash(self, plain: str) -> str:
        """The hash to keep, with its salt and its parameters."""
        return self.hasher.hash(plain)

    def matches(self, hashed: str, plain: str) -> bool:
        """Whether this is the password behind the hash. Without a hash it is never, and that takes as long to find out."""
        try:
            self.hasher.verify(hashed or self._nobodys, plain[: MOST + 1].encode("utf-8", "replace"))
        except (VerificationError, InvalidHashError):
            return False
        return bool(hashed)

    def stale(self, hashed: str) -> bool:
        """Whether it was hashed with other parameters than those in force."""
        return self.hasher.check_needs_rehash(hashed)


def fault_of(plain: str, *known: str) -> str:
    """What speaks against this password, as a phrase to be translated; empty where nothing does. known: her name and address, for a guesser."""
    if len(plain) < LEAST:
        return TOO_SHORT
    if len(plain) > MOST:
        return TOO_LONG
    words = [word for text in known for word in (text, text.partition("@")[0], *text.replace("@", " ").replace(".", " ").split()) if word]
    return TOO_WEAK if zxcvbn(plain[:LOOKED_AT], user_inputs=words, max_length=LOOKED_AT)["score"] < STRONG else ""
