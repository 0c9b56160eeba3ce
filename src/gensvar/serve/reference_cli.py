"""The reference page of the command line, made from the commands themselves."""

from collections.abc import Iterator
from typing import Any

from cyclopts import App

from gensvar.serve.cli import app

EVERYWHERE = {"--data", "--json"}


def cli() -> Iterator[str]:
    """The lines of the page."""
    for words, command in commands():
        yield from _command(words, command)


def commands(of: App = app, before: tuple[str, ...] = ("gensvar",)) -> Iterator[tuple[str, App]]:
    """Every command that does something, with the words that call it, by name."""
    for name, one in sorted(of.resolved_commands().items()):
        if name.startswith("-"):
            continue
        if one.default_command is not None:
            yield " ".join((*before, name)), one
        yield from commands(one, (*before, name))


def _command(words: str, command: App) -> Iterator[str]:
    arguments = [a for a in command.assemble_argument_collection(parse_docstring=True) if a.name not in EVERYWHERE]
    given = "".join(f" {_placed(a)}" for a in arguments if _is_placed(a))
    yield f"## {words}"
    yield ""
    yield f"`{words}{given}" + (" [options]`" if any(not _is_placed(a) for a in arguments) else "`")
    yield ""
    yield " ".join((command.default_command.__doc__ or "").split("Args:")[0].split())
    yield ""
    rows = [f"| {_named(a)} | {_default(a)} | {(a.parameter.help or '').strip()} |" for a in arguments]
    if rows:
        yield from ("| Option | Default | Meaning |", "|---|---|---|", *rows, "")


def _is_placed(argument: Any) -> bool:
    return str(argument.field_info.kind.name) != "KEYWORD_ONLY"


def _placed(argument: Any) -> str:
    name = argument.name.lstrip("-").upper()
    return name if argument.required else f"[{name} …]"


def _named(argument: Any) -> str:
    if _is_placed(argument):
        return f"`{_placed(argument)}`"
    return ", ".join(f"`{n}`" for n in argument.names if not n.startswith("--empty-"))


def _default(argument: Any) -> str:
    default = argument.field_info.default
    if argument.required:
        return "must be given"
    if isinstance(default, bool):
        return "on" if default else "off"
    return "" if default in (None, "") or not isinstance(default, str | int | float) else f"`{default}`"
