"""The way to a language model: any address that speaks OpenAI's /chat/completions. Off unless the house has set one; the key is never shown."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from gensvar.kit.errors import Unavailable
from gensvar.kit.language import phrase
from gensvar.kit.settings import Settings

CONNECT_S, ANSWER_S, MOST_BYTES = 5.0, 90.0, 1 << 20
NEXT = phrase("The summary in quotes stands without it. Try again later, or ask whoever keeps the model.")
LATE = phrase("The language model did not answer within {seconds} seconds")
HTTP_OK = 200


class Silent(Unavailable):
    """A model that did not answer as it should. message, values: what is wrong as a phrase with places, for who reads another language."""

    def __init__(self, message: str, host: str, **values: str) -> None:
        super().__init__(message.format(**values), where=host, do=NEXT)
        self.message, self.values = message, values


class Message(msgspec.Struct, frozen=True):
    content: str


class Choice(msgspec.Struct, frozen=True):
    message: Message


class Completion(msgspec.Struct, frozen=True):
    """What the protocol promises, as far as it is used here."""

    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Model:
    """url: up to and without /chat/completions. host: what a reader is told about where texts go."""

    url: str
    name: str
    key: str = field(default="", repr=False)
    seconds: float = ANSWER_S

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc.rpartition("@")[2]

    def say(self, messages: Sequence[dict[str, str]]) -> str:
        """What the model answers. Silent where it does not, in time and in the protocol; its own words are never passed on then."""
        body = {"model": self.name, "messages": list(messages), "temperature": 0, "stream": False}
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        until = time.monotonic() + self.seconds
        try:
            with (
                httpx.Client(timeout=httpx.Timeout(self.seconds, connect=CONNECT_S), trust_env=False, follow_redirects=False) as client,
                client.stream("POST", f"{self.url}/chat/completions", json=body, headers=headers) as answer,
            ):
                if answer.status_code != HTTP_OK:
                    raise Silent(phrase("The language model answered {status}"), self.host, status=str(answer.status_code))
                return _content(self._read(answer, until), self.host)
        except httpx.TimeoutException as late:
            raise Silent(LATE, self.host, seconds=f"{self.seconds:g}") from late
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as broken:
            raise Silent(phrase("The language model cannot be reached"), self.host) from broken

    def _read(self, answer: httpx.Response, until: float) -> bytes:
        """The body, as long as it comes in time and is not more than an answer can be."""
        body = bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if time.monotonic() > until:
                raise Silent(LATE, self.host, seconds=f"{self.seconds:g}")
            if len(body) > MOST_BYTES:
                raise Silent(phrase("The language model answered with more than an answer can be"), self.host)
        return bytes(body)


def model_of(settings: Settings) -> Model | None:
    """The model that the settings name; None where there is none."""
    return Model(settings.llm_url, settings.llm_model, settings.llm_key) if settings.llm_url and settings.llm_model else None


def _content(body: bytes, host: str) -> str:
    try:
        found: Any = msgspec.json.decode(body, type=Completion)
    except (msgspec.DecodeError, UnicodeDecodeError) as broken:
        raise Silent(phrase("The language model answered in no form that is known"), host) from broken
    if not found.choices:
        raise Silent(phrase("The language model answered nothing"), host)
    return str(found.choices[0].message.content)
