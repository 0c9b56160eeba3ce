"""Makes the fonts of exported pictures and reports from those of the pages: `python tools/fonts.py`. Needs fonttools and brotli, here only.

Vega's and Typst's engines draw with TrueType files of one weight each; the pages carry WOFF2. The same outlines are kept, one weight at a time.
A changed font may not bear the reserved name “Source” (OFL, 3), so they are called Gensvar Sans and Gensvar Serif; licence and copyright stay.
"""

from hashlib import sha256
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

SRC = Path(__file__).parents[1] / "src" / "gensvar" / "serve"
FROM, TO = SRC / "web" / "static" / "vendor", SRC / "export" / "fonts"
FAMILIES = (
    ("source-sans-3.woff2", "Gensvar Sans", 400), ("source-sans-3.woff2", "Gensvar Sans", 600),
    ("source-serif-4-400.woff2", "Gensvar Serif", 400), ("source-serif-4-600.woff2", "Gensvar Serif", 600),
)  # fmt: skip
STYLES = {400: "Regular", 600: "SemiBold"}
COPYRIGHT, FAMILY, STYLE, UNIQUE, FULL, POSTSCRIPT, WIDE_FAMILY, WIDE_STYLE, VARIATIONS = 0, 1, 2, 3, 4, 6, 16, 17, 25
LEGAL = {COPYRIGHT, 7, 8, 9, 11, 12, 13, 14}
ENGLISH = (3, 1, 0x409)


def made(source: str, family: str, weight: int) -> TTFont:
    """One weight of one family, under its own name."""
    font = TTFont(FROM / source, recalcTimestamp=False)
    if "fvar" in font:
        font = instantiateVariableFont(font, {"wght": weight}, inplace=True)
    font.flavor = None
    font["OS/2"].usWeightClass = weight
    style = STYLES[weight]
    names = font["name"]
    names.names = [n for n in names.names if n.nameID in LEGAL]
    plain = family.replace(" ", "")
    called = {
        FAMILY: family if weight == 400 else f"{family} {style}", STYLE: "Regular", UNIQUE: f"Gensvar;{plain}-{style}",
        FULL: f"{family} {style}", POSTSCRIPT: f"{plain}-{style}", WIDE_FAMILY: family, WIDE_STYLE: style,
    }  # fmt: skip
    for number, text in called.items():
        names.setName(text, number, *ENGLISH)
    return font


def listed(name: str, source: str, weight: int) -> str:
    kind = "sans-3" if "sans" in source else "serif-4"
    return (
        f'\n[[file]]\nname = "{name}"\nfrom = "../../web/static/vendor/{source}"\nweight = {weight}\nlicence = "OFL-1.1"\n'
        f'licence_file = "licences/source-{kind}.txt"\nsha256 = "{sha256((TO / name).read_bytes()).hexdigest()}"\n'
    )


def main() -> None:
    text = "# Fonts of exported pictures and reports, as tools/fonts.py makes them from those of the pages. A test holds each against its hash.\n"
    for source, family, weight in FAMILIES:
        name = f"{family.replace(' ', '')}-{STYLES[weight]}.ttf"
        made(source, family, weight).save(TO / name)
        text += listed(name, source, weight)
    for licence in ("source-sans-3.txt", "source-serif-4.txt"):
        (TO / "licences" / licence).write_bytes((FROM / "licences" / licence).read_bytes())
    (TO / "vendor.toml").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
