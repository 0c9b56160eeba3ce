"""A file sent over HTTP: kept in the data folder until its import has ended."""

import asyncio
import os
import re
import secrets
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.params import FromQuery

from gensvar.kit.errors import BadInput, TooLarge
from gensvar.kit.settings import Settings
from gensvar.serve.api.spec import with_problems
from gensvar.serve.desk import HouseDesk

MEGABYTE = 1 << 20
NAME = re.compile(r"[^A-Za-z0-9._-]+")


def upload_routes(desk: HouseDesk, settings: Settings) -> list[Any]:
    """POST /v1/files?source=…&name=…: the body is the file."""

    @post(
        "/v1/files",
        status_code=202,
        summary="Send a file to import under a source's contract",
        operation_class=with_problems(),
        request_max_body_size=settings.max_upload_mb * MEGABYTE,
        opt={"right": "sources.change"},
    )
    async def upload(request: Request[Any, Any, Any], source: FromQuery[str], name: FromQuery[str]) -> Response[bytes]:
        path = upload_path(settings, name)
        try:
            await _store(request, path, settings.max_upload_mb * MEGABYTE)
            job = await asyncio.to_thread(desk.start_import, source, path)
        except BaseException:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            raise
        return Response(msgspec.json.encode({"job": job}), media_type="application/json", status_code=202)

    return [upload]


def upload_path(settings: Settings, name: str) -> Path:
    """A new place for a file of this name: its own letters and ending, nothing that could lead elsewhere."""
    folder = settings.data / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    plain = NAME.sub("-", Path(name).name).strip(".-")[-80:]
    if not plain:
        raise BadInput("A file needs a name", where="name", do="Send it as ?name=answers.csv.")
    return folder / f"{secrets.token_hex(8)}-{plain}"


async def _store(request: Request[Any, Any, Any], path: Path, most: int) -> None:
    size = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise TooLarge(f"Files may be {most // MEGABYTE} MB", do="Raise max_upload_mb, or split the file.")
            file.write(chunk)
