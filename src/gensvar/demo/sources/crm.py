"""The customer register: firms (semicolons, Windows-1252) and the people who work there (semicolons, UTF-8 with a byte order mark)."""

from collections.abc import Sequence
from pathlib import Path

from gensvar.contracts.contract import Contract, Moment, PartyRule, People, Reading, Value
from gensvar.demo.days import at
from gensvar.demo.draft import Draft
from gensvar.demo.fate import STAYS
from gensvar.demo.files import save_csv
from gensvar.demo.sources.source import COUNTRY, COUNTRY_VALUE, Source, World, customer
from gensvar.demo.truth import Said

INDUSTRY = {
    "food": "Mat och dryck", "trades": "Hantverk", "beauty": "Skönhet", "transport": "Transport", "retail": "Handel", "health": "Vård",
    "marina": "Gästhamn",
}  # fmt: skip


def _ended(world: World, firm: int) -> str:
    """The day the firm left, or ''."""
    day = int(world.left[firm]) if world.left is not None else STAYS
    return "" if day >= STAYS else at(day).isoformat()


def save_accounts(world: World, _: Draft, path: Path) -> tuple[Said, ...]:
    """One row for each firm."""
    firms = world.town.accounts
    columns: dict[str, Sequence[str]] = {
        "Kundnr": [a.number for a in firms],
        "Företag": [a.name for a in firms],
        "Land": [COUNTRY[a.market] for a in firms],
        "Bransch": [INDUSTRY[a.segment] for a in firms],
        "Avtal": [a.plan for a in firms],
        "Årsvärde": [f"{a.value:.2f}".replace(".", ",") for a in firms],
        "Kund sedan": [a.started.isoformat() for a in firms],
        "Avslutad": [_ended(world, i) for i in range(len(firms))],
        "Säljteam": [a.seller for a in firms],
    }
    save_csv(path, columns, delimiter=";", encoding="cp1252")
    return ()


def save_contacts(world: World, _: Draft, path: Path) -> tuple[Said, ...]:
    """One row for each person."""
    people = world.town.people
    firms = [world.town.accounts[p.account] for p in people]
    columns: dict[str, Sequence[str]] = {
        "Kontaktnr": [p.number for p in people],
        "Kundnr": [a.number for a in firms],
        "Förnamn": [p.first for p in people],
        "Efternamn": [p.last for p in people],
        "Namn": [f"{p.first} {p.last}" for p in people],
        "E-post": [p.email for p in people],
        "Mobil": [p.phone for p in people],
        "Land": [COUNTRY[p.market] for p in people],
        "Bransch": [INDUSTRY[a.segment] for a in firms],
        "Roll": [p.role for p in people],
        "Språk": [p.language for p in people],
        "Skapad": [a.started.isoformat() for a in firms],
    }
    save_csv(path, columns, delimiter=";", encoding="utf-8-sig")
    return ()


SEGMENT = Value(column="Bransch", words={v: k for k, v in INDUSTRY.items()})
ACCOUNTS = Source(
    contract=Contract(
        source="crm_accounts", version=1, owner="Outi Kallio", purpose="Every firm that is or was a customer.", target="parties",
        record=("Kundnr",), created=Moment(column="Kund sedan"), at=Moment(column="Kund sedan", zone="Europe/Stockholm"),
        party=People(external="Kundnr", name="Företag", namespace="customer_no"),
        dimensions={"market": COUNTRY_VALUE, "segment": SEGMENT, "product": Value(column="Avtal"), "unit": Value(column="Säljteam")},
        person=PartyRule(kind="account", value="Årsvärde", started=Moment(column="Kund sedan"), ended=Moment(column="Avslutad")),
        reading=Reading(format="csv", delimiter=";", encoding="windows-1252", decimal=","),
    ),
    file="crm_accounts.csv", save=save_accounts,
)  # fmt: skip
CONTACTS = Source(
    contract=Contract(
        source="crm_contacts", version=1, owner="Outi Kallio", purpose="Everybody at our customers whom we have an address to.", target="parties",
        record=("Kontaktnr",), created=Moment(column="Skapad"), at=Moment(column="Skapad", zone="Europe/Stockholm"),
        party=People(email="E-post", phone="Mobil", external="Kontaktnr", name="Namn", namespace="contact_no"),
        account=customer("Kundnr"),
        dimensions={"market": COUNTRY_VALUE, "segment": SEGMENT},
        attrs=("Roll", "Språk"),
        person=PartyRule(kind="person", started=Moment(column="Skapad")),
        reading=Reading(format="csv", delimiter=";", encoding="utf-8-sig"),
    ),
    file="crm_contacts.csv", save=save_contacts,
)  # fmt: skip
