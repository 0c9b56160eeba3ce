"""Sealing: AES-256-GCM under a key derived from the secret, for what must not stand in the database in plain text.

A sealed value is 16 bytes of salt + 12 bytes of nonce + the cipher text with its tag. The salt is drawn anew at each start and makes a key of its
own (HKDF-SHA256, RFC 5869); under that key the nonce counts from 0, so that no pair is ever used twice (NIST SP 800-38D, 8.2.1).
"""

import os
from functools import lru_cache
from hashlib import blake2b
from itertools import count

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gensvar.kit.errors import Unavailable

SALT_BYTES, NONCE_BYTES, MARK_BYTES = 16, 12, 16


def derived(secret: bytes, purpose: str, salt: bytes = b"") -> bytes:
    """32 bytes for this purpose alone; who holds them learns nothing of the secret or of other purposes."""
    return HKDF(SHA256(), 32, salt, f"gensvar ledger {purpose}".encode()).derive(secret)


class Box:
    """Seals and opens values of one purpose. A value sealed for another purpose, under another secret or since changed does not open."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._salt = os.urandom(SALT_BYTES)
        self._key = lru_cache(256)(lambda salt: AESGCM(derived(secret, purpose, salt)))
        self._own = self._key(self._salt)
        self._counter = count()
        self._marking = blake2b(key=derived(secret, f"{purpose} mark"), digest_size=MARK_BYTES)

    def seal(self, plain: bytes, belongs_to: bytes = b"") -> bytes:
        """The value sealed; it opens only together with what it belongs to."""
        nonce = next(self._counter).to_bytes(NONCE_BYTES, "big")
        return self._salt + nonce + self._own.encrypt(nonce, plain, belongs_to)

    def open(self, sealed: bytes, belongs_to: bytes = b"") -> bytes:
        """The plain value; Unavailable where the secret is another one or the value was changed."""
        salt, nonce, body = sealed[:SALT_BYTES], sealed[SALT_BYTES : SALT_BYTES + NONCE_BYTES], sealed[SALT_BYTES + NONCE_BYTES :]
        try:
            return self._key(salt).decrypt(nonce, body, belongs_to)
        except (InvalidTag, ValueError) as wrong:
            raise Unavailable(
                "A sealed value of the ledger does not open", do="Start with the secret it was sealed with, or restore a backup."
            ) from wrong

    def mark(self, plain: bytes) -> bytes:
        """16 bytes that are equal for equal values and say nothing else to those without the secret."""
        marked = self._marking.copy()  # a key hashed once; making it anew costs most of a short value's hash
        marked.update(plain)
        return marked.digest()
