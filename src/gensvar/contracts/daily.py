"""`daily`: what every score, trend and interval is answered from. UTC day × dimensions × measure → counts, as histogram columns.

What is written is counted too, under the measure `tone@1`: how many texts, and the tone of each.

A free dimension (product, unit, journey, source) would multiply the cells, so each has a cube of its own. Small cubes of one dimension beside the
market are summed up from `daily`: a page that asks no more reads a hundredth of the cells.
"""

from dataclasses import dataclass

from gensvar.contracts.table import COUNT, DAY, NUMBER, TEXT, Column, TableSpec

BINS = tuple(f"n{i}" for i in range(11))
COUNT_COLUMNS = (
    Column("n", COUNT, "rows with a score of the measure", "rows"),
    Column("total", NUMBER, "Σ score", "the measure's scale"),
    Column("squares", NUMBER, "Σ score²", "the measure's scale, squared"),
    *(Column(b, COUNT, f"rows whose score is in step {b[1:]} of the scale, counted from its low end", "rows") for b in BINS),
)


SAID = ("topic", "reason")


@dataclass(frozen=True, slots=True)
class Cube:
    """A daily cube over these dimensions of `feedback`; rows without a score are counted under measure '' (n and nothing else).

    of: the cube that it is summed up from, which has all its dimensions and more; empty: counted from `feedback`.
    A cube by topic or by reason counts what is said, once for each topic or reason of a text, with its tone for a score.
    """

    name: str
    by: tuple[str, ...]
    of: str = ""

    @property
    def each(self) -> str:
        """The dimension of which a text may have several values; empty: none."""
        return next((name for name in self.by if name in SAID), "")

    @property
    def table(self) -> TableSpec:
        return TableSpec(
            name=self.name,
            meaning=f"counts per UTC day, measure and {', '.join(self.by)}",
            key=("day", "measure", *self.by),
            time="day",
            columns=(
                Column("day", DAY, "UTC day", "UTC", required=True),
                Column("measure", TEXT, "measure@version, or '' for rows without a score", required=True),
                *(Column(d, TEXT, f"{d}, or null") for d in self.by),
                *COUNT_COLUMNS,
            ),
        )


CUBES = (
    Cube("daily", ("audience", "market", "segment", "channel", "touchpoint")),
    Cube("daily_market", ("audience", "market"), "daily"),
    Cube("daily_segment", ("audience", "segment", "market"), "daily"),
    Cube("daily_channel", ("audience", "channel", "market"), "daily"),
    Cube("daily_touchpoint", ("audience", "touchpoint", "market"), "daily"),
    Cube("daily_source", ("audience", "source", "kind", "market")),
    Cube("daily_product", ("audience", "product", "market")),
    Cube("daily_unit", ("audience", "unit", "market")),
    Cube("daily_journey", ("audience", "journey", "market")),
    Cube("topics_channel", ("audience", "topic", "channel", "market")),
    Cube("topics_segment", ("audience", "topic", "segment", "market")),
    Cube("topics_touchpoint", ("audience", "topic", "touchpoint", "market")),
    Cube("topics_product", ("audience", "topic", "product", "market")),
    Cube("topics_unit", ("audience", "topic", "unit", "market")),
    Cube("topics_source", ("audience", "topic", "source", "market")),
    Cube("reasons_channel", ("audience", "reason", "channel", "market")),
    Cube("reasons_touchpoint", ("audience", "reason", "touchpoint", "market")),
)
