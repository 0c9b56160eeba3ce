"""The invented company, small, for every test that needs a customer's files: `from tests.world import WORLD`. Written once per process."""

import atexit
import shutil
import tempfile
from pathlib import Path

from gensvar.demo import Company, Written, write

SIZE = 0.05


def _small() -> Company:
    """The company at a twentieth of its size, in a folder that goes when the tests end."""
    folder = Path(tempfile.mkdtemp(prefix="gensvar-world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return write(folder, size=SIZE)


WORLD: Company = _small()


def source(name: str) -> Written:
    """One source of the small world: its file, its contract and where both lie."""
    return WORLD.file(name)
