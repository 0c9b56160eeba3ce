"""Which audiences are protected: the setting never protects employees less than five, and says what is wrong with it."""

import pytest

from gensvar.contracts import AUDIENCES
from gensvar.kit.errors import SettingsError
from gensvar.kit.protected import Protected
from gensvar.kit.settings import read_settings


def test_employees_are_always_among_them() -> None:
    for text in ("", "employee=5", "partner=8", " partner = 8 , "):
        assert Protected.read(text).least("employee") == 5
    both = Protected.read("employee=9,partner=3")
    assert (both.least("employee"), both.least("partner"), both.least("customer")) == (9, 3, 1)
    assert "partner" in both
    assert "customer" not in both
    assert both.names == {"employee", "partner"}
    assert Protected.read(str(both)) == both
    assert dict(Protected()) == {"employee": 5}


@pytest.mark.parametrize("text", ["employee=4", "employee=0", "employee", "employee=", "employee=five", "employee=-5", "partner=2", "staff=8", "=5",
                                  "employee=1001", "employee=5;partner=8", "employee=٥"])  # fmt: skip
def test_what_would_protect_less_is_a_fault(text: str) -> None:
    with pytest.raises(ValueError, match="employee at least 5"):
        Protected.read(text)
    with pytest.raises(SettingsError, match="anonymous"):
        read_settings({"anonymous": text}, env={})


def test_it_is_a_setting_like_any_other() -> None:
    settings = read_settings({}, env={"GENSVAR_ANONYMOUS": "employee=7"})
    assert settings.anonymous.least("employee") == 7
    assert settings.shown()["anonymous"] == "employee=7"
    assert hash(settings.anonymous) == hash(Protected.read("employee=7"))
    assert set(AUDIENCES) == {"customer", "employee", "partner", "owner", "public"}
