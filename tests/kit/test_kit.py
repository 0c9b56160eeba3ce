"""kit: ids that never change, settings that list their faults, errors that say what to do, scopes with floors, a clock that stands still."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.kit import errors
from gensvar.kit.clock import At, SystemClock
from gensvar.kit.errors import GensvarError, SettingsError, nearest
from gensvar.kit.ids import MAX_MS, id_range, identity_key, record_key, record_keys, row_ids, same_secret
from gensvar.kit.scope import Scope, whole
from gensvar.kit.settings import SETTINGS, read_settings

texts = st.text(max_size=12)


@settings(deadline=None)
@given(st.lists(texts, max_size=5), texts)
def test_keys_in_bulk_are_keys_one_by_one(records: list[str], source: str) -> None:
    assert record_keys(source, records) == [record_key(source, r) for r in records]


@settings(deadline=None)
@given(texts, texts, texts, texts)
def test_different_records_have_different_keys(a: str, b: str, c: str, d: str) -> None:
    assert (record_key(a, b) == record_key(c, d)) == ((a, b) == (c, d))


@settings(deadline=None)
@given(st.integers(0, MAX_MS), texts)
def test_an_id_lies_within_the_range_of_its_moment(ms: int, item: str) -> None:
    low, high = id_range(ms)
    assert low <= row_ids([b"r" * 16], [item], [ms])[0] <= high


def test_an_id_is_pinned() -> None:
    """Golden: blake2b of the record key and the item, 10 bytes (RFC 7693), after the moment's 6 bytes. Changing it orphans every stored row."""
    from hashlib import blake2b

    record = blake2b(b"8\x1fhelpdesk\x1f2\x1ft1", digest_size=16).digest()
    assert record_key("helpdesk", "t1") == record
    assert row_ids([record], ["rating"], [258])[0] == b"\x00\x00\x00\x00\x01\x02" + blake2b(record + b"rating", digest_size=10).digest()


def test_nobody_without_the_secret_makes_the_same_key() -> None:
    assert identity_key(b"a" * 32, "email", "", "x") != identity_key(b"b" * 32, "email", "", "x")
    assert identity_key(b"a" * 32, "email", "", "x") != identity_key(b"a" * 32, "phone", "", "x")
    assert same_secret("å", "å")
    assert not same_secret("a", "b")


def test_settings_take_flag_before_environment_before_file_before_default(tmp_path: Path) -> None:
    file = tmp_path / "gensvar.toml"
    file.write_text('port = 1\nzone = "UTC"\nlanguage = "sv"\n')
    got = read_settings({"port": 3}, {"GENSVAR_PORT": "2", "GENSVAR_LANGUAGE": "fi"}, file)
    assert (got.port, got.language, got.zone, got.threads) == (3, "fi", "UTC", 2)


def test_settings_list_every_fault_at_once(tmp_path: Path) -> None:
    file = tmp_path / "gensvar.toml"
    file.write_text("prot = 1\nthreads = 0\n")
    with pytest.raises(SettingsError) as wrong:
        read_settings({}, {"GENSVAR_LANGUAGE": "xx", "GENSVAR_DATE": "x"}, file)
    assert len(wrong.value.faults) == 4
    assert "did you mean 'port'" in str(wrong.value)
    with pytest.raises(SettingsError, match="not there"):
        read_settings({}, {}, tmp_path / "none.toml")


def test_secrets_are_not_shown() -> None:
    got = read_settings({"ledger": "postgresql+psycopg://u:hidden@h/d"}, {})
    assert "hidden" not in str(got.shown())
    assert {s.name for s in SETTINGS} == set(got.shown())


def test_an_error_says_what_where_nearest_and_what_to_do() -> None:
    error = GensvarError("No column 'scroe'.", where="line 1", nearest="score", do="Map it.", faults=["a", "b"])
    assert str(error) == "No column 'scroe', line 1. Did you mean 'score'? Map it.\n  - a\n  - b"
    assert nearest("SCROE", ["score"]) == "score"
    assert nearest("zzz", ["score"]) is None


def test_every_error_fixes_a_status_an_exit_code_and_a_title() -> None:
    kinds = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, GensvarError)]
    assert all(400 <= e.status < 600 and 0 < e.exit_code < 128 and e.title for e in kinds)
    assert all(e.__name__ in (errors.__doc__ or "") for e in kinds)


def test_employees_are_never_shown_in_groups_below_five() -> None:
    assert whole().smallest_group("customer") == 1
    assert whole().smallest_group("employee") == whole().smallest_group(None) == 5
    assert Scope(least={"employee": 2, "customer": 10}).smallest_group("employee") == 5
    assert Scope(least={"customer": 10}).smallest_group("customer") == 10


def test_clocks() -> None:
    assert At("2026-11-01T01:00+01:00").now() == datetime(2026, 11, 1, tzinfo=UTC)
    assert SystemClock().now().tzinfo is UTC
