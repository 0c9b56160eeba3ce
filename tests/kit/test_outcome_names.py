"""The setting by which an organisation names the events that make an outcome."""

import pytest

from gensvar.explain.outcomes.registry import OUTCOMES, registered
from gensvar.kit.errors import SettingsError
from gensvar.kit.settings import OUTCOME_NAMES, read_settings


def test_the_setting_knows_every_outcome() -> None:
    assert tuple(o.name for o in OUTCOMES) == OUTCOME_NAMES


def test_names_of_ones_own_take_the_place_of_those_that_ship() -> None:
    own = read_settings({"outcomes": "left = avslut | uppsagd , bought=köp"}, env={}).outcomes
    assert own == (("left", ("avslut", "uppsagd")), ("bought", ("köp",)))
    made = {o.name: o.made_of for o in registered(own)}
    assert made["left"] == ("avslut", "uppsagd", "parties.ended_at")
    assert made["renewed"] == OUTCOMES[1].made_of
    assert hash(read_settings({}, env={})) == hash(read_settings({}, env={}))


@pytest.mark.parametrize("wrong", ["gone=churn", "left=", "left"])
def test_what_it_cannot_be(wrong: str) -> None:
    with pytest.raises(SettingsError, match="faults") as refused:
        read_settings({"outcomes": wrong}, env={})
    assert "left, renewed, bought" in str(refused.value.faults)
