"""The hand that looks for reasons waits until the hub stands still, since pages go first; but not for ever."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gensvar.explaining.nightly import Nightly, Told
from gensvar.house import House, open_house
from gensvar.kit.settings import read_settings
from gensvar.serve.nightly import PATIENCE_S, REST_S, Looking


def found(_: House, __: Told) -> Mapping[str, Any]:
    return {"found": 3}


def test_it_waits_for_rest_and_not_for_ever(tmp_path: Path) -> None:
    with open_house(read_settings({"data": str(tmp_path / "house"), "memory_mb": "256"}, env={})) as house:
        looking = Looking(house, "test", lambda: False, [Nightly("found", found)])
        assert not looking._patiently(0.0, is_due=True)
        assert not looking._patiently(REST_S - 1, is_due=True)
        assert looking._patiently(REST_S, is_due=True)
        for second in range(int(REST_S), int(PATIENCE_S), 10):
            house.engine.bump()
            assert not looking._patiently(float(second), is_due=True), "something comes in all the time"
        house.engine.bump()
        assert looking._patiently(PATIENCE_S, is_due=True)
        assert not looking._patiently(PATIENCE_S, is_due=False)
