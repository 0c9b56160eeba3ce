"""The invented company, taken in as a customer's files would be: contracts added, every export imported, by the very same flow."""

import shutil
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from gensvar import flow
from gensvar.contracts.contract import Contract
from gensvar.contracts.contract_yaml import write_contract
from gensvar.demo.company import Company, write
from gensvar.demo.people import MARK, settle
from gensvar.demo.truth import planted
from gensvar.flow import Receipt
from gensvar.house import House, open_house
from gensvar.kit.errors import BadInput, Conflict
from gensvar.kit.settings import FILE as SETTINGS_FILE
from gensvar.kit.settings import Settings

TODAY = date(2026, 11, 1)
OWNER = "Ylva Granath"
API = Contract(source="api", version=1, owner=OWNER, purpose="What is sent straight to the API, to try it out.")


class Teller(Protocol):
    def print(self, text: str) -> None:
        """Tells how far it has come."""
        ...


def play(settings: Settings, size: float, teller: Teller) -> None:
    """Makes the demo's data folder where it is not there yet. Conflict where the folder holds something else."""
    if not 0 < size <= 1:
        raise BadInput(f"size {size}: above 0, at most 1")
    mark = settings.data / MARK
    if mark.exists():
        teller.print(f"The invented company is in {settings.data} already.")
        return
    if settings.data.exists() and (settings.data / "hub.duckdb").exists():
        raise Conflict(f"{settings.data} holds something else", do="Give the demo a folder of its own, with --data.")
    teller.print("Inventing a company: Kontovik, who sells subscriptions and hardware to small firms in SE, NO, DK and FI …")
    with TemporaryDirectory() as folder:
        company = write(Path(folder), size=size)
        with open_house(settings) as house:
            take_in(house, company, teller)
            settle(house)
            annotate(house)
        shutil.copytree(folder, settings.data / "files", dirs_exist_ok=True)
    (settings.data / SETTINGS_FILE).write_text(f'today = "{TODAY}"  # the invented company stands still on this day\n', "utf-8")
    mark.write_text("The data of the invented company; delete this folder to begin again.\n", "utf-8")


def annotate(house: House) -> None:
    """What the company's people have noted of the day on which something changed."""
    change = planted()["documentation"]
    measure, where = change["measure"].partition("@")[0], {"market": (change["market"],)}
    house.ledger.annotations.add(change["day"], "New guides for getting started", measure, where, "eero.salmela@kontovik.example")


def take_in(house: House, company: Company, teller: Teller) -> Receipt:
    """Everything the company exported, in the hub."""
    total = Receipt()
    with house.ledger.transaction():
        house.ledger.measures.add(company.measures, OWNER)
    flow.add_source(house, write_contract(API), OWNER)
    for file in company.files:
        flow.add_source(house, file.contract_path.read_text("utf-8"), file.contract.owner)
        receipt = flow.import_file(house, file.path, file.name)
        aside = sum(receipt.set_aside.values())
        teller.print(f"  {file.name}: {receipt.accepted:,} rows of {file.path.name}" + (f", {aside:,} set aside" if aside else ""))
        total += receipt
    flow.release(house)
    return total
