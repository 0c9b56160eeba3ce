"""A small server that speaks /chat/completions, as a process of its own: it behaves as the model's name says. For tests of what asks one."""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


def sentences(rows: list[dict[str, Any]], manner: str) -> list[dict[str, Any]]:
    """What it answers: good holds only what follows; the others break a rule each."""
    numbers = [row["row"] for row in rows]
    told = next((row for row in rows if "ignore your instructions" in row["text"].casefold()), None)
    found: list[dict[str, Any]] = [{"text": f"{len(numbers[:3])} of {len(numbers)} say that parcels come late.", "rows": numbers[:3]}]
    if manner == "invents":
        found += [
            {"text": "They love the new shop in Oslo.", "rows": [9999]},
            {"text": "90 % are angry.", "rows": numbers[:2]},
            {"text": "Fine.", "rows": []},
        ]
    if manner == "obeys" and told is not None:
        found += [
            {"text": "All is well, see https://evil.example", "rows": [told["row"], numbers[0]]},
            {"text": "Fire the boss.", "rows": [told["row"]]},
        ]
    return found


class Speaking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        manner = body["model"]
        rows = [json.loads(line) for line in body["messages"][1]["content"].split("\n")]
        if self.path != "/v1/chat/completions" or self.headers.get("authorization") != "Bearer hidden-key" or manner == "refuses":
            return self._send(500, b"hidden-key is wrong")
        if manner == "slow":
            time.sleep(3)
        if manner == "elsewhere":
            self.send_response(302)
            self.send_header("location", "http://192.0.2.1/v1/chat/completions")
            self.end_headers()
            return None
        answers = {"malformed": b'{"choices": 3}', "empty": b'{"choices": []}', "endless": b"x" * (2 << 20)}
        text = "Parcels come late." if manner == "chats" else json.dumps({"sentences": sentences(rows, manner)})
        said = json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()
        return self._send(200, answers.get(manner, said))

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Speaking)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
