"""The scene: what the invented company's people have noted stands where the change was planted."""

from gensvar.demo.people import ADDRESSES
from gensvar.demo.scene import annotate
from gensvar.demo.truth import planted
from gensvar.house import House


def test_the_new_guides_are_noted_where_and_when_they_came(small_house: House) -> None:
    annotate(small_house)
    (found,) = small_house.ledger.annotations.standing()
    change = planted()["documentation"]
    assert (found.day, found.where, found.measure) == (change["day"], {"market": (change["market"],)}, "csat.support")
    assert found.by in ADDRESSES
