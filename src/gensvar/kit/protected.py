"""Protected audiences: whose answers are shown only in blocks of at least so many people. The setting `anonymous` says which."""

from collections.abc import Iterator
from dataclasses import dataclass

AUDIENCES = ("customer", "employee", "partner", "owner", "public")
ALWAYS, FLOOR = "employee", 5
LOWEST, HIGHEST = 3, 1000  # of two, each would know what the other said
FORM = f"audience=people, as employee=5,partner=8; {ALWAYS} at least {FLOOR}, others {LOWEST} to {HIGHEST}"


@dataclass(frozen=True, slots=True)
class Protected:
    """Audience and the fewest people behind any number about it, by name. Employees are always among them."""

    each: tuple[tuple[str, int], ...] = ((ALWAYS, FLOOR),)

    @classmethod
    def read(cls, text: str) -> "Protected":
        """From `employee=5,partner=8`; ValueError, with the form, for anything that would protect less.

        >>> str(Protected.read("partner=8"))
        'employee=5,partner=8'
        """
        found = {ALWAYS: FLOOR}
        for part in (p.strip() for p in text.split(",") if p.strip()):
            name, _, least = (word.strip() for word in part.partition("="))
            low = FLOOR if name == ALWAYS else LOWEST
            if name not in AUDIENCES or not (least.isascii() and least.isdigit()) or not low <= int(least) <= HIGHEST:
                raise ValueError(FORM)
            found[name] = int(least)
        return cls(tuple(sorted(found.items())))

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.each)

    def least(self, audience: str) -> int:
        """The fewest people behind a number about this audience; 1 where it is not protected."""
        return dict(self.each).get(audience, 1)

    def __contains__(self, audience: object) -> bool:
        return audience in self.names

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter(self.each)

    def __str__(self) -> str:
        return ",".join(f"{name}={least}" for name, least in self.each)
