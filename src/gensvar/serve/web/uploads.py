"""Files on their way in: kept under a name that cannot be guessed, until they are imported or a day has passed."""

import re
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from shutil import copyfileobj, rmtree
from typing import IO

from gensvar.kit.clock import Clock
from gensvar.kit.errors import BadInput, NotFound

DAY_S = 86_400
TOKEN = re.compile(r"[0-9a-f]{32}")
UNSAFE = re.compile(r"[^\w.\- ]+")
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Uploads:
    folder: Path
    clock: Clock

    def keep(self, name: str, content: IO[bytes]) -> str:
        """The token under which the file is found again. BadInput for an empty file. Also forgets files older than a day."""
        self._forget_old()
        token = token_hex(16)
        place = self.folder / token
        place.mkdir(parents=True)
        path = place / safe_name(name)
        with path.open("xb") as out:
            copyfileobj(content, out, 1 << 20)
        if not path.stat().st_size:
            rmtree(place)
            raise BadInput(f"The file {safe_name(name)!r} is empty", do="Choose the file again; perhaps the export had not finished.")
        return token

    def path(self, token: str) -> Path:
        """The file with this token. NotFound when it is no longer kept."""
        place = self.folder / token
        files = list(place.iterdir()) if TOKEN.fullmatch(token) and place.is_dir() else []
        if not files:
            raise NotFound("This file is no longer here", do="Upload it again; files are kept for a day.")
        return files[0]

    def _forget_old(self) -> None:
        if not self.folder.is_dir():
            return
        now = self.clock.now().timestamp()
        for place in self.folder.iterdir():
            if place.is_dir() and TOKEN.fullmatch(place.name) and now - place.stat().st_mtime > DAY_S:
                rmtree(place, ignore_errors=True)


def safe_name(name: str) -> str:
    """The file's own name without any path, and without characters that some disk refuses; its ending kept.

    >>> safe_name("../../etc/pass:wd.csv")
    'pass_wd.csv'
    """
    plain = UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).lstrip(".") or "file"
    return plain[-LONGEST_NAME:]
