"""The second factor: codes of six digits that a phone makes each 30 seconds (RFC 6238), and recovery codes for when the phone is lost."""

import base64
import io
import secrets
from datetime import datetime

import pyotp
import segno

STEP_S, AROUND = 30, 1
CODES, CODE_BYTES = 10, 15  # 120 bits: a keyed hash is enough for what nobody can guess (ASVS 5, 6.5.2)
GROUP = 4
ISSUER = "Gensvar"


def new_secret() -> str:
    """160 random bits in base 32, as RFC 4226 recommends."""
    return pyotp.random_base32(32)


def is_secret(text: str) -> bool:
    """Whether this can be a secret that `new_secret` made."""
    return len(text) == 32 and set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def address(secret: str, email: str) -> str:
    """What a phone reads from the picture: otpauth://totp/…"""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step whose code this is, at most one step from now either way: clocks differ. None where it is none of those."""
    digits = "".join(code.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return None
    current, codes = int(now.timestamp()) // STEP_S, pyotp.TOTP(secret)
    found = [step for step in range(current - AROUND, current + AROUND + 1) if pyotp.utils.strings_equal(codes.generate_otp(step), digits)]
    return found[0] if found else None


def recovery_codes() -> list[str]:
    """Ten new codes, each good once, in groups of four: abcd-efgh-…"""
    return [_grouped(base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()) for _ in range(CODES)]


def as_kept(code: str) -> str:
    """A recovery code as it was made, however she typed its case, spaces and hyphens.

    >>> as_kept("ABCD efgh")
    'abcd-efgh'
    """
    return _grouped("".join(sign for sign in code.casefold() if sign.isalnum()))


def _grouped(letters: str) -> str:
    return "-".join(letters[i : i + GROUP] for i in range(0, len(letters), GROUP))


def picture(text: str) -> str:
    """A QR code as inline SVG: attributes only, no style, dark on its own light ground so that every camera reads it in either mode."""
    out = io.BytesIO()
    made = segno.make(text, error="m", micro=False)
    made.save(out, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False, svgns=True, svgclass="qr", lineclass=None, omitsize=True)
    return out.getvalue().decode()
