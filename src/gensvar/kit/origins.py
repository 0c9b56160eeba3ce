"""Where each setting in force came from, as far as can be told afterwards: for the page that shows them."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from gensvar.kit.settings import FILE, SETTINGS, Setting, Settings

Origin = Literal["flag", "environment", "file", "default"]


def origins(settings: Settings, env: Mapping[str, str] | None = None, file: Path | None = None) -> dict[str, Origin]:
    """Name → the first place, in the order in which they beat each other, that says what is in force; a flag where none does.

    A flag that says what the environment, a file or the default says too cannot be told from them.
    """
    environment = os.environ if env is None else env
    kept = {**_read(settings.data / FILE), **_read(file or Path(FILE))}
    return {s.name: _origin(s, getattr(settings, s.name), environment, kept) for s in SETTINGS}


def _origin(s: Setting, value: object, env: Mapping[str, str], kept: Mapping[str, Any]) -> Origin:
    places: tuple[tuple[Origin, object], ...] = (("environment", env.get(s.env)), ("file", kept.get(s.name)), ("default", s.default))
    return next((origin for origin, given in places if given is not None and _says(s, given, value)), "flag")


def _says(s: Setting, given: object, value: object) -> bool:
    try:
        return bool(s.read(str(given)) == value)
    except ValueError:
        return False


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}
