"""Who holds the data folder: one process at a time, and looking at who does is not holding it."""

import fcntl
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from gensvar.house import LOCK, holder, open_house
from gensvar.kit.errors import InUse
from gensvar.kit.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(read_settings({}), data=tmp_path)


def test_two_do_not_hold_it_at_once_and_the_second_is_told_where_the_first_is(settings: Settings) -> None:
    with open_house(settings) as first:
        first.announce({"url": "http://127.0.0.1:8400"})
        with pytest.raises(InUse, match="holds this data folder") as refused:
            open_house(settings)
        facts = holder(settings.data)
    assert "http://127.0.0.1:8400" in str(refused.value)
    assert facts is not None
    assert facts["url"] == "http://127.0.0.1:8400"
    assert holder(settings.data) is None


def test_those_who_look_are_not_taken_for_a_holder(settings: Settings) -> None:
    open_house(settings).close()
    with (settings.data / LOCK).open(encoding="utf-8") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        assert holder(settings.data) is None


def test_opening_waits_for_one_who_only_looks(settings: Settings) -> None:
    open_house(settings).close()
    with (settings.data / LOCK).open(encoding="utf-8") as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        letting_go = threading.Timer(0.05, fcntl.flock, (looking, fcntl.LOCK_UN))
        letting_go.start()
        open_house(settings).close()
        letting_go.join()
