"""Gensvar: turns fragmented feedback into proven improvement. `import gensvar; hub = gensvar.open("data")`."""

from pathlib import Path
from typing import TYPE_CHECKING

from gensvar.kit.version import VERSION

if TYPE_CHECKING:
    from gensvar.serve.front import Hub

__version__ = VERSION


def open(data: str | Path = "data", **settings: object) -> "Hub":  # noqa: A001 the front door's natural name, as in `wave.open`
    """The hub in a data folder: ask it, or compute on its tables. InUse where a server holds it."""
    from gensvar.serve.front import open_hub

    return open_hub(data, **settings)
