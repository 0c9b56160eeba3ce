"""The encoder of a house: texts go to a child process, or to the address that the settings name, and come back as packed vectors."""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import httpx
import msgspec

from gensvar.enrich import ENCODER
from gensvar.kit.errors import Unavailable
from gensvar.kit.settings import Settings
from gensvar.serve.apart import Child
from gensvar.text.compact import packed
from gensvar.text.encoder import Encoder
from gensvar.text.encoder.endpoint import Endpoint

NICE = 10
IDLE_S = 120.0
PATIENCE_S = 60.0
DO = "See the settings encoder, encoder_name and encoder_key; texts are read by the fast model meanwhile."


class Encoding:
    """Encodes for one house. Texts are redacted already: they come from the hub. nice: how far it steps back for others.

    patience_s: how long somebody waits for it; None: nobody does.
    """

    def __init__(self, settings: Settings, nice: int = NICE, patience_s: float | None = None) -> None:
        self._settings, self._patience_s = settings, patience_s
        do = "Texts are read by the fast model meanwhile; `encoder` may name another."
        self._child = Child("The encoder ended over a text", do, nice, IDLE_S)

    @property
    def available(self) -> bool:
        """Whether the house has an encoder at all."""
        return self._settings.encoder != "none"

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        """One packed vector of length 1 for each text. Unavailable where the encoder cannot be had, with what to do.

        TimeoutError where whoever waits would have to wait longer: the encoder is beginning, or has much to do.
        """
        if "://" in self._settings.encoder:
            return packed(self._endpoint.encode(texts))
        return self._child.within(self._patience_s, encoded, self._settings.encoder, list(texts))

    def close(self) -> None:
        self._child.close()

    @cached_property
    def _endpoint(self) -> Endpoint:
        """The address, once it has said how long its vectors are."""
        name = self._settings.encoder_name
        try:
            width = len(self._post({"model": name, "input": ["?"], "encoding_format": "float"})["data"][0]["embedding"])
        except (KeyError, IndexError, TypeError) as wrong:
            raise Unavailable("The encoder's address does not answer as OpenAI's does", do=DO) from wrong
        return Endpoint(name, width, self._post)

    def _post(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer to a request for vectors. Nothing of the texts or of the key stands in an error."""
        headers = {"Authorization": f"Bearer {self._settings.encoder_key}"} if self._settings.encoder_key else {}
        try:
            answer = httpx.post(f"{self._settings.encoder}/embeddings", json=dict(body), headers=headers, timeout=self._patience_s or PATIENCE_S)
            answer.raise_for_status()
            return msgspec.json.decode(answer.content, type=dict[str, Any])
        except httpx.TimeoutException as late:
            if self._patience_s is not None:
                raise TimeoutError("The encoder's address has not answered in time") from late
            raise Unavailable(f"The encoder's address does not answer as it should: {type(late).__name__}", do=DO) from late
        except (httpx.HTTPError, msgspec.MsgspecError) as wrong:
            raise Unavailable(f"The encoder's address does not answer as it should: {type(wrong).__name__}", do=DO) from wrong


def encoded(which: str, texts: list[str]) -> list[bytes]:
    """In the child: the vectors of these texts by the encoder that ships, or by the one in this folder."""
    return packed(_loaded(which).encode(texts))


@cache
def _loaded(which: str) -> Encoder:
    from gensvar.text.encoder import e5, folder

    return e5.E5.load() if which == ENCODER else folder.Folder(Path(which))
