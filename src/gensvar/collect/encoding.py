"""Which encoding a text file is in: a mark at its start, else strict UTF-8 over the whole file, else the likeliest 8-bit one."""

import codecs
import io
import re
from pathlib import Path
from typing import TextIO

from charset_normalizer import from_bytes

BAD_BYTES = "gensvar_bad_bytes"
LONE = re.compile("[\ud800-\udfff]")
CHUNK, SAMPLE = 1 << 20, 1 << 16
BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = ["cp1252", "mac_roman", "cp850", "cp437"]


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Each byte that cannot be decoded becomes a lone surrogate, so that its row is known to be broken and its neighbours are not."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + b) for b in error.object[error.start : error.end]), error.end


codecs.register_error(BAD_BYTES, _mark)


def open_text(path: Path, encoding: str) -> TextIO:
    """The file as text, line ends untouched, a byte order mark left out; broken bytes are lone surrogates."""
    name = "utf-8-sig" if codecs.lookup(encoding).name in {"utf-8", "utf-8-sig"} else encoding
    return path.open("r", encoding=name, errors=BAD_BYTES, newline="")


def readable(text: str, limit: int = 10_000) -> str:
    """The text cut to its limit, broken bytes written as \\udcXX."""
    return text[:limit].encode("utf-8", "backslashreplace").decode("utf-8")


def find_encoding(path: Path, given: str | None = None) -> str:
    """The encoding's Python name. A byte order mark beats what is given; broken UTF-8 stays UTF-8 where most of its letters are whole."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
        marked = next((name for bom, name in BOMS if head.startswith(bom)), None) or _sixteen(head)
        if marked or given:
            return marked or str(given)
        file.seek(0)
        whole, broken, sample = _census(file)
    return "utf-8" if not broken or whole >= 3 * broken else _eight_bit(sample)


def _sixteen(head: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of western text is null."""
    even, odd = head[0::2], head[1::2]
    if len(head) < 4 or b"\0" not in head:
        return None
    if odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 0.6 * len(even) and odd.count(0) < 0.1 * len(odd) else None


def _census(file: io.BufferedReader) -> tuple[int, int, bytes]:
    """Whole letters outside ASCII, bytes that are not UTF-8, and up to 64 KiB of the parts that hold either."""
    decoder = codecs.getincrementaldecoder("utf-8")(BAD_BYTES)
    whole = broken = 0
    sample = b""
    while chunk := file.read(CHUNK):
        text = decoder.decode(chunk)
        if text.isascii():
            continue
        bad = len(LONE.findall(text))
        broken += bad
        whole += sum(1 for c in text if c > "\x7f") - bad
        if len(sample) < SAMPLE:
            sample += chunk[:SAMPLE]
    broken += len(LONE.findall(decoder.decode(b"", final=True)))
    return whole, broken, sample


def _eight_bit(sample: bytes) -> str:
    """cp1252 unless the bytes speak for another: letters of the old Macintosh or DOS sets, or a text mostly outside ASCII."""
    high = [b for b in sample if b > 0x7F]
    letters = sum(1 for b in sample if 65 <= (b & 0xDF) <= 90)
    if len(high) > 0.6 * (len(high) + letters):
        return _guess(sample, None)
    old = sum(1 for b in high if b < 0xA0 and b not in b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99")
    return _guess(sample, WESTERN) if old > 0.5 * len(high) else "cp1252"


def _guess(sample: bytes, among: list[str] | None) -> str:
    best = from_bytes(sample, cp_isolation=among).best()
    return best.encoding if best else "cp1252"
