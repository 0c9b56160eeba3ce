"""The encoder of a house: in a child process, or at an address that speaks as OpenAI does; where it does not, that is said without its secrets."""

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gensvar.kit.errors import BadInput, Unavailable
from gensvar.kit.settings import Settings, read_settings
from gensvar.serve.encoding import Encoding
from gensvar.text.compact import unpacked

KEY = "sk-very-secret"


class Models(http.server.BaseHTTPRequestHandler):
    """Speaks /embeddings; `how` decides how well."""

    how = "well"
    asked: list[tuple[str | None, dict[str, Any]]] = []  # noqa: RUF012  one server for each test

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append((self.headers["authorization"], body))
        rows = [{"index": i, "embedding": [float(len(text)), 3.0, 4.0]} for i, text in enumerate(body["input"])]
        answers = {
            "well": (200, json.dumps({"data": rows[::-1], "model": "m"})),
            "short": (200, json.dumps({"data": rows[:1]})),
            "odd": (200, "<html>no</html>"),
            "refusing": (401, "{}"),
        }
        status, said = answers[self.how]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def models() -> Iterator[type[Models]]:
    Models.how, Models.asked = "well", []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Models)
    Models.port = server.server_port  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Models
    server.shutdown()
    server.server_close()


def settings(tmp_path: Path, **flags: str) -> Settings:
    return read_settings({"data": str(tmp_path / "data"), **flags}, env={})


def there(tmp_path: Path, models: Any) -> Encoding:
    return Encoding(settings(tmp_path, encoder=f"http://127.0.0.1:{models.port}/v1", encoder_key=KEY, encoder_name="m"))


def test_an_address_gives_vectors_in_the_order_of_the_texts(tmp_path: Path, models: type[Models]) -> None:
    found = unpacked(there(tmp_path, models).encode(["abc", "abcdef"]))
    wanted = np.array([[3.0, 3, 4], [6, 3, 4]], np.float32)
    assert np.allclose(found, wanted / np.linalg.norm(wanted, axis=1, keepdims=True), atol=0.01)
    assert {who for who, _ in models.asked} == {f"Bearer {KEY}"}
    assert models.asked[-1][1]["model"] == "m"


@pytest.mark.parametrize("how", ["odd", "refusing", "short"])
def test_an_address_that_does_not_answer_so_is_said_without_texts_and_key(tmp_path: Path, models: type[Models], how: str) -> None:
    encoding = there(tmp_path, models)
    if how == "short":
        encoding.encode(["first"])
    models.how = how
    with pytest.raises((Unavailable, BadInput)) as told:
        encoding.encode(["my secret words", "two"])
    assert KEY not in str(told.value)
    assert "secret words" not in str(told.value)


def test_an_address_where_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        Encoding(settings(tmp_path, encoder="http://127.0.0.1:9/v1")).encode(["a"])


def test_a_house_without_an_encoder_says_so(tmp_path: Path) -> None:
    assert not Encoding(settings(tmp_path, encoder="none")).available
    assert Encoding(settings(tmp_path)).available


def test_the_encoder_that_ships_sees_that_two_languages_say_the_same(tmp_path: Path) -> None:
    encoding = Encoding(settings(tmp_path))
    try:
        swedish, english, other = unpacked(encoding.encode(["Leveransen var försenad", "The delivery was late", "Maten smakade underbart"]))
    finally:
        encoding.close()
    assert swedish @ english > english @ other + 0.02
