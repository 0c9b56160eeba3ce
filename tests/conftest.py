"""What every test can ask for, and that tests which share what a module has made run in one worker: it is made once, and stories keep their order."""

import os

import pytest

os.environ.setdefault("GENSVAR_ENCODER", "none")  # a process of its own beside each house would take most of the time; tests that need it say so

pytest_plugins = ["tests.engines", "tests.ledgers", "tests.houses"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and any(found[-1].scope == "module" for found in item._fixtureinfo.name2fixturedefs.values()):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
