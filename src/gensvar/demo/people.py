"""The people of the invented company who use Gensvar, each with the role and the scope that such a person has."""

from dataclasses import dataclass, field

from gensvar.house import House
from gensvar.kit.language import phrase
from gensvar.kit.scope import Scope

MARK = "demo.txt"  # lies in a demo's data folder
SUPPORT = frozenset({"Support", "Support SE", "Support NO", "Support DK", "Support FI"})


@dataclass(frozen=True, slots=True)
class Person:
    """does: what she does in the company, said beside her name."""

    name: str
    does: str
    role: str
    scope: Scope = field(default_factory=Scope)

    @property
    def email(self) -> str:
        plain = self.name.casefold().translate(str.maketrans("åäöæø ", "aaoao."))
        return f"{plain}@kontovik.example"


PEOPLE = (
    Person("Ylva Granath", phrase("looks after Gensvar"), "administrator"),
    Person("Eero Salmela", phrase("leads the work with insights"), "analyst"),
    Person("Ingrid Fossheim", phrase("leads support in Norway"), "contributor", Scope({"market": frozenset({"NO"})})),
    Person("Mads Kjærholm", phrase("heads the unit Support"), "viewer", Scope({"unit": SUPPORT}, free_text=False)),
    Person("Saga Lindqvist", phrase("leads HR"), "analyst", Scope({"audience": frozenset({"employee"})})),
    Person("Birgitte Aaskov", phrase("sits on the board"), "viewer"),
    Person("Petter Hallbäck", phrase("answers for the data of the helpdesk"), "owner"),
    Person("Aino Vartiala", phrase("audits"), "auditor"),
)
ADDRESSES = tuple(person.email for person in PEOPLE)
DOES = {person.email: person.does for person in PEOPLE}


def settle(house: House) -> None:
    """They are members from now on, without passwords: on this machine one comes in as any of them."""
    with house.ledger.transaction():
        for person in PEOPLE:
            if house.ledger.members.by_email(person.email) is None:
                house.ledger.members.add(person.email, person.name, person.role, person.scope.as_json())
