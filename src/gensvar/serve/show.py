"""How the command line shows what it was told: sentences first, then a table; a bar while something long goes on."""

import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shlex import quote
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from gensvar.kit.errors import Conflict, GensvarError, Unavailable

MARKS = {"rose": "▲", "fell": "▼", "no visible change": "＝", "cannot tell": "?"}
BEARS = {"lifts": "lifts the whole", "lowers": "lowers the whole", "not visible": "not seen to move the whole"}
WAYS = {"rose": "▲", "fell": "▼", "held": "＝", "higher": "▲", "lower": "▼"}
STATES = {"fine": "✓", "notice": "!", "broken": "✗"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
POLL_S, SURE, MOST_LINES, SHORT = 0.3, 0.7, 10, 24


def plain(error: GensvarError) -> str:
    """The error's own words, safe to print."""
    return escape(str(error))


def source_name(file: Path) -> str:
    """A source's name after its file: lower-case words with - between.

    >>> source_name(Path("Customer Survey 2026 (final).csv"))
    'customer-survey-2026-final'
    """
    return re.sub(r"[^a-z0-9]+", "-", file.name.split(".")[0].casefold()).strip("-") or "source"


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at, name in enumerate(columns):  # the first names what the row is about, to be copied: it is never broken; nor is a short cell
        longest = max((len(text(row.get(name))) for row in rows), default=0)
        table.add_column(name.replace("_", " "), overflow="fold", no_wrap=at == 0, min_width=longest if longest <= SHORT else None)
    for row in rows:
        table.add_row(*(escape(text(row.get(c))) for c in columns))
    console.print(table)


def people(found: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Who may sign in, and what each may see."""
    if not found:
        console.print("Nobody has an account yet. `gensvar people link` prints the link for the first administrator.")
        return
    rows = [{**p, "limits": limits_of(p["scope"]), "last_here": p["seen_at"]} for p in found]
    _table(rows, ("email", "name", "role", "limits", "state", "last_here"), console)


def limits_of(scope: Mapping[str, Any]) -> str:
    """A scope in few words.

    >>> limits_of({"rows": {"market": ["NO", "SE"]}, "free_text": False})
    'market NO, SE; no text'
    """
    rows = [f"{name} {', '.join(values)}" for name, values in scope.get("rows", {}).items()]
    return "; ".join([*rows, *([] if scope.get("free_text", True) else ["no text"])]) or "none"


def way(found: Mapping[str, Any], console: Console) -> None:
    """A one-time link, for whoever asked for it to hand on."""
    whom = found["email"] or "the first administrator"
    console.print(f"This link is for {escape(whom)}. It works once, until {text(found['until'])}, and is not shown again. Gensvar sends no mail yet:")
    console.print(escape(found["link"]))


def text(value: object) -> str:
    """A value as a person reads it in a cell."""
    if value is None:
        return "–"
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return value[:16].replace("T", " ") + " UTC"
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(f"{k}: {text(v)}" for k, v in value.items()) if isinstance(value, dict) else str(value)


def answer(found: Mapping[str, Any], console: Console) -> None:
    """The sentence, then a row for each group with its interval and verdict."""
    console.print(f"[bold]{escape(found['sentence'])}[/bold]")
    for group in found["groups"]:
        change = group.get("change")
        mark = MARKS[change["move"]] if change else " "
        if group["sentence"] != found["sentence"]:
            console.print(f"  {mark} {escape(group['sentence'])}")
        for step in group.get("trend", ()):
            console.print(f"      {step['start']}  {escape(_verdict(step))}")
    for note in found.get("notes", ()):
        console.print(f"  note: {escape(note)}")


def compared(found: Mapping[str, Any], console: Console) -> None:
    """The cells' sentence, then a line for each of them."""
    answer(found["cells"], console)


def patterns(found: Mapping[str, Any], console: Console) -> None:
    """Each pattern in its sentence, and how the search was made."""
    if not found["patterns"]:
        console.print(f"[bold]{escape(found['sentence'])}[/bold]")
    for one in found["patterns"]:
        console.print(f"  {WAYS[one['way']]} {escape(one['sentence'])}")
    for note in found["notes"]:
        console.print(f"  note: {escape(note)}")


def team(found: Mapping[str, Any], console: Console) -> None:
    """For each measure the team's sentence, the one beside the rest, and what it gives the whole."""
    for one in found["measures"]:
        console.print(f"[bold]{escape(one['own']['sentence'])}[/bold]")
        for group in one["beside_the_rest"]:
            console.print(f"  {escape(group['sentence'])}")
        bearing = one["bearing"]
        if bearing and bearing["value"] is not None:
            limits = f"{text(bearing['low'])} to {text(bearing['high'])}"
            console.print(f"  {BEARS[bearing['bears']]}: {text(bearing['value'])} ({limits}), {bearing['share']:.0%} of the answers")
        elif bearing:
            console.print(f"  how it bears on the whole: {bearing['bears']}")


def _verdict(step: Mapping[str, Any]) -> str:
    """A number with its interval and n, or why there is none."""
    if step["verdict"] == "estimate":
        return f"{text(step['value'])} ({text(step['low'])}–{text(step['high'])}), n {step['n']:,}"
    return f"too few: {step['n']:,} of {step['least']:,}" if step["verdict"] == "too_few" else str(step["verdict"]).replace("_", " ")


def measures(found: Sequence[Mapping[str, Any]], console: Console) -> None:
    _table(found, ("id", "version", "metric", "low", "high", "better", "cut", "owner"), console)


def sources(found: Sequence[Mapping[str, Any]], console: Console) -> None:
    _table(found, ("name", "version", "owner", "target", "rows", "set_aside", "last_received", "silent"), console)


def aside_rows(found: Sequence[Mapping[str, Any]], console: Console) -> None:
    _table(found, ("id", "source", "line", "record", "item", "reason", "message"), console)


def rows(found: Sequence[Mapping[str, Any]], console: Console) -> None:
    _table(found, tuple(found[0]) if found else ("nothing here yet",), console)


def themes(found: Mapping[str, Any], console: Console) -> None:
    """Each theme: its state, its own name or its words, how many texts, and the most typical of them."""
    if not found["told"]:
        console.print("No themes. `gensvar themes --find` looks for them.")
    for one in found["told"]:
        name = one["name"] or "; ".join(", ".join(said) for said in one["words"].values())
        console.print(f"[bold]{escape(printed(name))}[/bold]  {one['state'] or ''}  {one['texts']:,} texts  {one['id']}")
        for said in one["quotes"][:1]:
            console.print(f"  {escape(printed(said['text']))}")


def theme_search(asked: Mapping[str, Any], console: Console) -> None:
    """What came of a search, or why it could not be made."""
    found = asked["result"]
    if not found:
        console.print("The search was stopped; the themes that there are stay.")
        return
    if "why" in found:
        console.print(f"No search: {found['why'].replace('_', ' ')} ({found['texts']} texts; at least {found['least']} are needed)")
        return
    console.print(f"{found['shown']} themes in {found['texts']:,} texts; {found['kept']} of {found['before']} as before ({found['seconds']} s)")


def voices(found: Mapping[str, Any], console: Console) -> None:
    """Each voice with its scores, when and where; then how to go on."""
    about = "about " if found["about"] else ""
    console.print(f"[bold]{about}{found['total']:,} voices[/bold]")
    if found["searched"]["nearest"]:
        console.print(f"Did you mean: {escape(printed(found['searched']['nearest']))}")
    if found["searched"]["meant"] == "none":
        console.print("Search by meaning needs texts that the encoder has read; there are none yet.")
    if found["searched"]["meant"] == "starting":
        console.print("The encoder, which reads meaning, is just starting: these were found by words. Try again in a moment.")
    if found["searched"]["meant"] == "failed":
        console.print("The encoder, which reads meaning, cannot be had just now: these were found by words.")
    for one in found["voices"]:
        _voice(one, console)
    if found["next"]:
        console.print(f"more: --after {found['next']}")


def summary(found: Mapping[str, Any], console: Console) -> None:
    """Each quote with how many say something like it, language by language."""
    about = "about " if found["about"] else ""
    console.print(f"[bold]{about}{found['total']:,} texts, {found['read']:,} read[/bold]")
    for part in found["languages"]:
        share = part["covered"]
        console.print(f"\n{part['language'] or 'unknown language'}: {share['share']:.0%} of {share['n']:,} texts stood for")
        for q in part["quotes"]:
            like = q["like"]
            console.print(f"\n“{escape(printed(q['text']))}”")
            console.print(f"  {like['k']:,} say something like this: {like['share']:.0%} ({like['low']:.0%} to {like['high']:.0%}) · {q['id']}")
    if not found["languages"]:
        console.print("Nothing that stands for many: too few texts, or too little in common.")
    if found["apart"]:
        console.print(f"\nNot among them, since they are protected: {', '.join(found['apart'])}.")


def _voice(one: Mapping[str, Any], console: Console) -> None:
    scores = ", ".join(f"{s['measure']} {s['value']:g}" + (f" of {s['high']:g}" if s["high"] is not None else "") for s in one["scores"])
    console.print(f"\n“{escape(printed(one['text']))}”" if one["text"] else "\n(no words)")
    told = [text(one["occurred_at"]), *one["dims"].values(), one["kind"], scores, one["id"]]
    console.print("  " + escape(printed(" · ".join(part for part in told if part))))


def printed(words: str) -> str:
    """Somebody's words without signs that would steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in words)


def voice(found: Mapping[str, Any], console: Console) -> None:
    """One voice, what is known of it, and what else was said."""
    _voice(found["voice"], console)
    agreed, told = found["agreement"] or {}, {name: printed(value) for name, value in found["attrs"].items()}
    facts = {"source": found["voice"]["source"], "record": found["record"], "item": found["item"], "received": found["received_at"], **told}
    pairs({**facts, **{k: agreed[k] for k in ("version", "owner", "purpose") if k in agreed}}, console)
    for title, others in (("at the same time", found["parts"]), ("by the same person at other times", found["others"])):
        if others:
            console.print(f"\n[bold]{title}[/bold]")
        for one in others:
            _voice(one, console)


def deeds(found: Mapping[str, Any], console: Console) -> None:
    """A page of the audit; then how to go on."""
    _table(found["rows"], ("id", "at", "who", "did", "what", "detail"), console)
    if found["next"]:
        console.print(f"older: --before {found['next']}")


def chain(found: Mapping[str, Any], console: Console) -> None:
    """Whether the audit is whole."""
    if found["whole"]:
        console.print(f"✓ The audit is whole: {found['rows']:,} rows were checked.")
    else:
        console.print(f"✗ The audit is broken at row {found['broken']:,}; {found['rows']:,} rows were checked. Compare the ledger with a backup.")


def pairs(found: Mapping[str, Any], console: Console) -> None:
    for key, value in found.items():
        console.print(f"{key.replace('_', ' ')}: {escape(text(value))}")


def text_quality(found: Mapping[str, Any], console: Console) -> None:
    """How rightly texts are read, in a few lines."""
    own, together, reach = found["own"], found["together"], found["reach"]
    if own["accuracy"] is None:
        console.print(f"Not known yet: label {own['missing']} more texts drawn by chance (`gensvar text label`).")
    else:
        console.print(f"Read rightly: {_share(own['accuracy'])} of {own['n']} labelled texts; macro-F1 {own['macro_f1']:.2f}")
    if together["same"] is not None:
        console.print(f"People agree: {_share(together['same'])} of {together['n']} texts")
    console.print(f"Read: {reach['texts']:,} texts, {reach['waiting']:,} of them wait for the latest version")
    for one in found["published"]:
        console.print(f"  published: {escape(one['language'])}, {escape(one['set'])}: accuracy {one['accuracy']}, macro-F1 {one['macro_f1']}")
    for one in found["versions"]:
        console.print(f"  version {one['id']} over {one['kind']}: {one['state']}")


def _share(i: Mapping[str, float]) -> str:
    return f"{100 * i['value']:.0f} % ({100 * i['low']:.0f}–{100 * i['high']:.0f})"


def reread(found: Mapping[str, Any] | None, console: Console) -> None:
    """How many texts were read again, and which topics moved."""
    if found is None:
        console.print("No texts have been read again yet.")
        return
    read, moved = found["result"].get("read", 0), found["result"].get("moved")
    console.print(f"Read again: {read:,} texts")
    if not read:
        console.print("Nothing waited; `gensvar topics moved` shows what moved the last time.")
    elif moved and not moved["moved"]:
        console.print("Nothing moved." if not moved["hidden"] else "What moved is too little to be shown to you.")
    elif moved:
        _moved(moved, console)


def _moved(found: Mapping[str, Any], console: Console) -> None:
    console.print(f"Of {found['texts']:,} texts {found['moved']:,} have other topics than before")
    if found["anew"]:
        console.print(f"  {found['anew']:,} texts were read by another reader than before, which moves topics, too")
    moving = [one for one in found["topics"] if one["came"] or one["went"]]
    for one in moving[:MOST_LINES]:
        console.print(f"  {escape(one['topic'])}: {one['before']:,} before, {one['came']:,} came in, {one['went']:,} went out, {one['now']:,} now")
    if len(moving) > MOST_LINES:
        console.print(f"  and {len(moving) - MOST_LINES} more topics; --json has them all")
    for one in found["moves"][:MOST_LINES]:
        console.print(f"  from {escape(one['out_of'])} to {escape(one['into'] or 'no new topic')}: {one['texts']:,}")


def taught(asked: Mapping[str, Any], console: Console) -> None:
    """What came of teaching each head."""
    found = asked["result"].get("heads", ())
    if not found:
        console.print("There is too little to learn from yet: fifty labels, or fifty comments with a rating beside them that the encoder has read.")
    for one in found:
        trial = one["trial"]
        state = "in force" if one["in_force"] else "not in force"
        console.print(f"Over {one['kind']}: {one['hand']} labels and {one['ratings']} ratings; {trial['why']}, {state}")


def receipt(found: Mapping[str, Any], console: Console) -> None:
    """What became of what was sent, in one line, and a line for each reason."""
    numbers = ", ".join(f"{found[k]:,} {k}" for k in ("read", "accepted", "updated", "unchanged", "removed") if k in found)
    console.print(numbers + f", {sum(found['set_aside'].values()):,} set aside")
    if found.get("empty"):
        console.print(f"  {found['empty']:,} rows held no answer")
    for reason, n in found["set_aside"].items():
        console.print(f"  set aside: {n:,} {escape(reason)}; `gensvar set-aside list --reason {escape(reason)}` shows them")


def checks(found: Sequence[Mapping[str, str]], console: Console) -> None:
    for c in found:
        console.print(f"{STATES[c['state']]} {escape(c['what'])}" + (f" → {escape(c['do'])}" if c["do"] else ""))


def suggestion(found: Mapping[str, Any], console: Console) -> None:
    console.print(found["yaml"], markup=False, end="")


def written_to(path: Path) -> Callable[[Mapping[str, Any], Console], None]:
    def shown(found: Mapping[str, Any], console: Console) -> None:
        unsure = [line for line in found["lines"] if line["sure"] < SURE]
        console.print(f"Wrote {escape(str(path))}; {len(unsure)} lines to look at before `gensvar sources add {escape(str(path))}`:")
        _table(unsure, ("path", "value", "sure", "because"), console)

    return shown


def agreed(name: str, file: Path, lines: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Which guesses of a contract that was just taken a person should look at."""
    unsure = [line for line in lines if line["sure"] < SURE]
    told = f"; {len(unsure)} of them are unsure:" if unsure else "."
    console.print(f"Made a contract for {escape(repr(name))} from {len(lines)} guesses{told}")
    if unsure:
        _table(unsure[:MOST_LINES], ("path", "value", "sure", "because"), console)
        more = f" shows the other {len(unsure) - MOST_LINES} too, and" if len(unsure) > MOST_LINES else ""
        command = escape(f"gensvar sources suggest {quote(str(file))} --output {name}.yaml")
        console.print(f"`{command}`{more} writes it to a file to correct; add it with a higher version, then replay what was set aside.")


def importing(house: Any, file: Path, source: str, console: Console) -> dict[str, Any]:
    """Imports, with a bar; Ctrl-C lets the batch in hand finish, then stops."""
    with _bar(console, file.name) as told, asked_to_stop() as stopping:
        if house.url is None:
            return dict(_here(house, file, source, told, stopping))
        return dict(_there(house, file, source, told, stopping))


def _here(house: Any, file: Path, source: str, told: Callable[[int], None], stopping: Callable[[], bool]) -> Mapping[str, Any]:
    from gensvar.flow import import_file, release

    def progress(_: Any, read: int) -> bool:
        told(read)
        return not stopping()

    made: dict[str, Any] = import_file(house.desk.house, file, source, progress).as_json()
    release(house.desk.house)
    return made


def _there(house: Any, file: Path, source: str, told: Callable[[int], None], stopping: Callable[[], bool]) -> Mapping[str, Any]:
    job = int(house.call("import", source=source, path=str(file.resolve()))["job"])
    asked = False
    while True:
        at = house.call("job", id=job)
        told(int(at["progress"].get("read", 0)))
        if at["state"] == "failed":
            raise Unavailable(f"The import failed: {at['error']}")
        if at["state"] in {"done", "stopped"}:
            return dict(at["receipt"] or {})
        if stopping() and not asked:
            house.call("stop", id=job)
            asked = True
        time.sleep(POLL_S)


def working(house: Any, ask: str, look: str, here: Callable[[Any, Callable[[Any], bool]], Any], console: Console) -> dict[str, Any]:
    """Has long work done, with a bar: in this process by `here`, or by the server that holds the house. What became of it, once it has ended."""
    with _bar(console, "texts") as told, asked_to_stop() as stopping:

        def beside(progress: Mapping[str, Any]) -> bool:
            told(int(progress.get("read", 0)))
            return not stopping()

        if house.url is None:
            found = dict(msgspec.to_builtins(here(house.desk, beside)))
        else:
            with suppress(Conflict):  # it is under way already: then how far that is
                house.call(ask)
            while not (found := house.call(look))["ended_at"]:
                if not beside(found["progress"]):
                    raise KeyboardInterrupt  # the server goes on with it
                time.sleep(POLL_S)
    if found["state"] == "failed":
        raise Unavailable(f"It could not be finished: {found['error']}")
    return dict(found)


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed; a second press interrupts at once."""
    presses: list[int] = []

    def pressed(*_: object) -> None:
        if presses:
            raise KeyboardInterrupt
        presses.append(1)

    before = signal.signal(signal.SIGINT, pressed)
    try:
        yield lambda: bool(presses)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _bar(console: Console, name: str) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("rows"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(escape(name), total=None)
        yield lambda read: bar.update(task, completed=read)
