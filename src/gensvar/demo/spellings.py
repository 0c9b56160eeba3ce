"""One person, several systems: how each system came to write the same person's address, number and name."""

from dataclasses import dataclass
from random import Random

from gensvar.demo.dice import Dice
from gensvar.demo.town import Person, Town, plain

WAYS = ("same", "case", "alias", "phone_only", "nickname", "typo", "id_only")
HELPDESK_SHARES = (58, 10, 8, 8, 7, 6, 3)
APP_SHARES = (80, 8, 5, 3, 2, 2, 0)


@dataclass(frozen=True, slots=True)
class Known:
    """What one system knows of one person. person: index in the town. how: the way in which it differs from the CRM, one of WAYS.

    same, case and alias keep the address; phone_only keeps the number, written otherwise; nickname and typo keep only a likeness of the name.
    """

    person: int
    system: str
    external: str
    email: str
    phone: str
    name: str
    how: str


def phone_forms(phone: str) -> tuple[str, ...]:
    """The ways in which people write one Swedish number."""
    digits = phone.removeprefix("+46")
    return (f"0{digits}", f"0{digits[:2]}-{digits[2:]}", f"+46 {digits[:2]} {digits[2:5]} {digits[5:]}", f"0046{digits}", f"+46 (0){digits}")


def misspelt(rng: Random, name: str) -> str:
    """The name with two letters swapped, one lost or one doubled."""
    at = rng.randrange(0, len(name) - 1)
    swap, lost, double = name[:at] + name[at + 1] + name[at] + name[at + 2 :], name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:]
    return rng.choice([swap, lost, double])


def _email(rng: Random, person: Person, how: str) -> str:
    """The address as the system has it."""
    local, domain = person.email.split("@")
    forms = {
        "same": person.email,
        "case": rng.choice([person.email.title(), person.email.upper(), f"{local.title()}@{domain}"]),
        "alias": f"{local}+kassa@{domain}",
        "phone_only": f"kontor@{domain}",
        "nickname": f"{plain(person.first)[:3]}{person.number[-4:]}@example.net",
        "typo": f"{plain(person.last)}.{person.number[-5:]}@example.com",
        "id_only": "",
    }
    return forms[how]


def _name(rng: Random, person: Person, how: str) -> str:
    """The name as the system has it."""
    forms = {
        "nickname": f"{person.first[0]}. {person.last}",
        "typo": f"{person.first} {misspelt(rng, person.last)}",
        "case": f"{person.last.upper()}, {person.first}",
        "alias": f"{person.first} {person.last} ".lower().strip(),
    }
    return forms.get(how, f"{person.first} {person.last}")


def known(rng: Random, town: Town, index: int, system: str, external: str, shares: tuple[int, ...]) -> Known:
    """How this system knows the person; without a number for them, phone_only becomes same."""
    person = town.people[index]
    how = rng.choices(WAYS, shares)[0]
    how = "same" if how == "phone_only" and not person.phone else how
    phone = rng.choice(phone_forms(person.phone)) if person.phone and (how == "phone_only" or rng.random() < 0.5) else ""
    return Known(index, system, external, _email(rng, person, how), phone, _name(rng, person, how), how)


def directory(dice: Dice, town: Town) -> dict[str, tuple[Known, ...]]:
    """Everybody as the CRM, the helpdesk and the app know them, aligned with the town's people."""
    rng = dice.words("spellings")
    people = range(len(town.people))
    crm = tuple(Known(i, "crm", p.number, p.email, p.phone, f"{p.first} {p.last}", "same") for i, p in enumerate(town.people))
    helpdesk = tuple(known(rng, town, i, "helpdesk", str(48_000 + i * 3), HELPDESK_SHARES) for i in people)
    app = tuple(known(rng, town, i, "app", f"u_{rng.getrandbits(40):010x}", APP_SHARES) for i in people)
    return {"crm": crm, "helpdesk": helpdesk, "app": app}
