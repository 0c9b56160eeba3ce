"""Settings: one table gives environment names, keys of gensvar.toml, flags and the docs page. Read once, at start, into a frozen value."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gensvar.kit.errors import SettingsError, nearest
from gensvar.kit.protected import Protected
from gensvar.kit.rights import ROLES

PREFIX, FILE = "GENSVAR_", "gensvar.toml"
OUTCOME_NAMES = ("left", "renewed", "bought", "contacted_support", "completed_goal")
Outcomes = tuple[tuple[str, tuple[str, ...]], ...]  # outcome, names of the organisation's events that make it
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    read: Callable[[str], Any]
    default: str
    help: str
    secret: bool = False

    @property
    def env(self) -> str:
        return PREFIX + self.name.upper()


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return text

    return read


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.lstrip("-").isdigit() or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def _folder(text: str) -> Path:
    return Path(text).expanduser()


def _day_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise ValueError("a day as 2026-11-01") from wrong


def _public(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/") or parts.query or parts.fragment):
        raise ValueError("an address without a path, as https://gensvar.example.com")
    return text.rstrip("/")


def _issuer(text: str) -> str:
    parts = urlsplit(text)
    near = parts.scheme == "http" and parts.hostname in LOOPBACK
    if text and (not (parts.scheme == "https" or near) or not parts.netloc or parts.query or parts.fragment):
        raise ValueError("an address that begins with https, as https://login.example.com/realm")
    return text


def _endpoint(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment):
        raise ValueError("an address as https://models.example.com/v1")
    return text.rstrip("/")


def _encoder(text: str) -> str:
    if text in {"e5-small", "none"} or Path(text).expanduser().is_dir():
        return text
    if "://" not in text:
        raise ValueError("e5-small, none, a folder that exists, or an address as https://models.example.com/v1")
    return _endpoint(text)


def _languages(text: str) -> str:
    codes = [part.strip().lower() for part in text.split(",") if part.strip()]
    if not codes or not all(len(code) == len("sv") and code.isalpha() for code in codes):
        raise ValueError("codes of two letters with a comma between, as sv,nb,en")
    return ",".join(dict.fromkeys(codes))


def _networks(text: str) -> str:
    try:
        return ",".join(str(ip_network(part.strip())) for part in text.split(",") if part.strip())
    except ValueError as wrong:
        raise ValueError("addresses or networks with a comma between, as 10.0.0.1, 10.1.0.0/16") from wrong


def _role_or_none(text: str) -> str:
    if text not in {"", *ROLES} or text == "administrator":
        raise ValueError(f"empty, or one of {', '.join(sorted(set(ROLES) - {'administrator'}))}")
    return text


def _outcomes(text: str) -> Outcomes:
    found: dict[str, tuple[str, ...]] = {}
    for part in (p.strip() for p in text.split(",") if p.strip()):
        name, _, events = (word.strip() for word in part.partition("="))
        names = tuple(event.strip() for event in events.split("|") if event.strip())
        if name not in OUTCOME_NAMES or not names:
            raise ValueError(f"outcome=event|event, as left=churn|cancelled,bought=order; outcomes are {', '.join(OUTCOME_NAMES)}")
        found[name] = names
    return tuple(found.items())


def _text(text: str) -> str:
    return text


SETTINGS = (
    Setting("data", _folder, "data", "The data folder: hub, ledger, secret key and backups live here."),
    Setting(
        "host",
        _text,
        "127.0.0.1",
        "Address to listen on. Elsewhere than on this machine, put TLS before it and set public_url.",
    ),
    Setting("port", _whole(0, 65535), "8460", "Port to listen on; 0 takes a free one."),
    Setting("public_url", _public, "", "The address at which people reach the pages, as https://gensvar.example.com; empty: host and port."),
    Setting(
        "ledger",
        _text,
        "",
        "Address of the ledger's database, as postgresql+psycopg://…; empty: SQLite in the data folder.",
        secret=True,
    ),
    Setting("hub", _text, "", "Address of a Spark Connect server, as sc://host:15002; empty: DuckDB in the data folder.", secret=True),
    Setting("warehouse", _text, "", "Where Spark keeps its Delta tables; empty: `warehouse` in the data folder."),
    Setting(
        "language",
        _one_of("sv", "nb", "da", "fi", "en"),
        "en",
        "Language of pages and sentences where the reader has not chosen one.",
    ),
    Setting("zone", _text, "Europe/Stockholm", "IANA time zone of the reader, for the times on pages."),
    Setting("today", _day_or_none, "", "A day to take for today, as 2026-11-01, for demos and for looking back; empty: the real one."),
    Setting("workers", _whole(1, 64), "1", "Processes that work on batches of text."),
    Setting("memory_mb", _whole(256, 1_000_000), "1024", "Memory that the DuckDB engine may use.", secret=False),
    Setting("threads", _whole(1, 256), "2", "Threads that the DuckDB engine may use."),
    Setting("max_body_mb", _whole(1, 1024), "32", "Largest body of one API request."),
    Setting("max_upload_mb", _whole(1, 100_000), "2048", "Largest file that the Sources page takes."),
    Setting("rate", _whole(1, 10_000_000), "100000", "Signals that one API key may send in a second."),
    Setting("set_aside_days", _whole(1, 3650), "90", "Days that a row set aside is kept for repair, encrypted."),
    Setting(
        "anonymous",
        Protected.read,
        "employee=5",
        "Audiences whose answers are shown only in blocks of at least so many people, as employee=8,partner=5; employees always, and never below 5.",
    ),
    Setting(
        "originals_days", _whole(0, 3650), "30", "Days that a text in which something was redacted is kept as it was written, encrypted; 0: never."
    ),
    Setting(
        "text_languages",
        _languages,
        "sv,nb,da,fi,en,de,fr,nl,es,pt",
        "Languages that texts may be in, comma between; others count as unknown.",
    ),
    Setting(
        "encoder",
        _encoder,
        "e5-small",
        "What reads the texts that the fast model is unsure of: e5-small, none, the folder of an ONNX encoder, or an OpenAI-compatible address.",
    ),
    Setting("encoder_key", _text, "", "Key of the encoder's address.", secret=True),
    Setting("encoder_name", _text, "", "Model that the encoder's address is asked for."),
    Setting("llm_url", _endpoint, "", "OpenAI-compatible address that writes summaries of redacted texts; empty: none, summaries are quotes."),
    Setting("llm_key", _text, "", "Key of that address.", secret=True),
    Setting("llm_model", _text, "", "Model that it is asked for."),
    Setting(
        "outcomes",
        _outcomes,
        "",
        "Names of your events that make an outcome, as left=churn|closed,bought=order; empty: common names, listed on the page Words and outcomes.",
    ),
    Setting("session_idle_hours", _whole(1, 24 * 30), "8", "Hours after which somebody who did nothing must sign in again."),
    Setting("session_days", _whole(1, 90), "7", "Days after which everybody must sign in again."),
    Setting("proxies", _networks, "", "Proxies whose X-Forwarded-For tells where somebody signs in from, comma between; empty: none."),
    Setting("oidc_issuer", _issuer, "", "Single sign-on: the issuer's address, as https://login.example.com/realm; empty: none."),
    Setting("oidc_client_id", _text, "", "Single sign-on: what the issuer calls this house."),
    Setting("oidc_client_secret", _text, "", "Single sign-on: the secret that the issuer gave this house.", secret=True),
    Setting("oidc_name", _text, "", "Single sign-on: what its button says people sign in with; empty: the issuer's host."),
    Setting("oidc_role", _role_or_none, "", "Single sign-on: a newcomer's role, where the issuer vouches for her address; empty: only the invited."),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """One field for each row of SETTINGS, checked."""

    data: Path
    host: str
    port: int
    public_url: str
    ledger: str
    hub: str
    warehouse: str
    language: str
    zone: str
    today: date | None
    workers: int
    memory_mb: int
    threads: int
    max_body_mb: int
    max_upload_mb: int
    rate: int
    set_aside_days: int
    anonymous: Protected
    originals_days: int
    text_languages: str
    encoder: str
    encoder_key: str
    encoder_name: str
    llm_url: str
    llm_key: str
    llm_model: str
    outcomes: Outcomes
    session_idle_hours: int
    session_days: int
    proxies: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_name: str
    oidc_role: str

    @property
    def on_this_machine_only(self) -> bool:
        return self.host in LOOPBACK

    def shown(self) -> dict[str, str]:
        """Every setting as text, secrets masked."""
        secret = {s.name for s in SETTINGS if s.secret}
        return {f.name: "***" if f.name in secret and getattr(self, f.name) else str(getattr(self, f.name)) for f in fields(self)}


def read_settings(flags: Mapping[str, object] | None = None, env: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """The settings in force: a flag beats the environment, which beats the file, which beats the data folder's own file, which beats the default.

    file: default `gensvar.toml` in the working folder, where it exists; the data folder's own has the same name. A fault lists everything wrong,
    an unknown name in file or environment among it, with the nearest known.
    """
    environment = os.environ if env is None else env
    path = file or Path(FILE)
    faults: list[str] = []
    from_file = _read_file(path, faults, must=file is not None)
    known = {s.name: s for s in SETTINGS}
    folder = _folder(str((flags or {}).get("data") or environment.get(PREFIX + "DATA") or from_file.get("data") or known["data"].default))
    from_file = {**_read_file(folder / FILE, faults, must=False), **from_file}
    faults.extend(_unknown(name, f"in {path}", known) for name in from_file if name not in known)
    ours = {name: name.removeprefix(PREFIX).lower() for name in environment if name.startswith(PREFIX)}
    faults.extend(_unknown(plain, f"in the environment as {name}", known) for name, plain in ours.items() if plain not in known)
    values = {s.name: _value(s, flags or {}, environment, from_file, path, faults) for s in SETTINGS}
    if faults:
        raise SettingsError(
            "The settings have faults",
            where=f"looked in flags, {PREFIX}* and {path}",
            faults=faults,
            do="Correct them and start again.",
        )
    return Settings(**values)


def _read_file(path: Path, faults: list[str], *, must: bool) -> dict[str, object]:
    if not path.is_file():
        if must:
            faults.append(f"{path} is not there")
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        faults.append(f"{path} is not TOML: {broken}")
        return {}


def _unknown(name: str, where: str, known: Mapping[str, Setting]) -> str:
    guess = nearest(name, known)
    return f"no setting {name!r}, {where}" + (f"; did you mean {guess!r}?" if guess else "")


def _value(s: Setting, flags: Mapping[str, object], env: Mapping[str, str], from_file: Mapping[str, object], path: Path, faults: list[str]) -> Any:
    places = (
        (flags.get(s.name), f"--{s.name.replace('_', '-')}"),
        (env.get(s.env), s.env),
        (from_file.get(s.name), f"{s.name} in {path}"),
    )
    given, where = next(((v, w) for v, w in places if v is not None), (s.default, "default"))
    try:
        return s.read(str(given))
    except ValueError as wrong:
        faults.append(f"{where} is {'***' if s.secret else repr(str(given))}; it must be {wrong}")
        return None
