"""Saved views: a question in an address, with a name. Each belongs to one member, who may share it with all."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Delete, Update, delete, insert, or_, select, update

from gensvar.kit.errors import NotFound
from gensvar.ledger.connect import Part
from gensvar.ledger.tables import MEMBERS, VIEWS


@dataclass(frozen=True, slots=True)
class SavedView:
    """address: a path of this house with its query. member: whose it is; owner: what they are called, empty where they are not here any more."""

    id: int
    name: str
    address: str
    member: int
    shared: bool
    made_at: datetime
    owner: str = ""


class Views(Part):
    def add(self, name: str, address: str, member: int, *, shared: bool = False) -> int:
        """The view's number."""
        row = {"name": name, "address": address, "member": member, "shared": shared, "made_at": self._now()}
        with self._db.write() as conn:
            return int(conn.execute(insert(VIEWS).values(row).returning(VIEWS.c.id)).scalar_one())

    def seen_by(self, member: int) -> list[SavedView]:
        """Their own and those that others share, by name."""
        named = select(VIEWS, MEMBERS.c.name.label("owner")).outerjoin(MEMBERS, MEMBERS.c.id == VIEWS.c.member)
        mine = named.where(or_(VIEWS.c.member == member, VIEWS.c.shared)).order_by(VIEWS.c.name, VIEWS.c.id)
        with self._db.read() as conn:
            return [SavedView(**{**row, "owner": row["owner"] or ""}) for row in conn.execute(mine).mappings()]

    def rename(self, number: int, name: str, member: int) -> None:
        self._own(update(VIEWS).values(name=name), number, member)

    def share(self, number: int, member: int, *, shared: bool) -> None:
        """Shows it to all, or to its owner alone."""
        self._own(update(VIEWS).values(shared=shared), number, member)

    def remove(self, number: int, member: int) -> None:
        self._own(delete(VIEWS), number, member)

    def withdraw(self, number: int) -> None:
        """Takes a shared view back from all; for those who may share, whoever made it."""
        self._changed(update(VIEWS).values(shared=False).where(VIEWS.c.id == number, VIEWS.c.shared), number)

    def _own(self, change: Update | Delete, number: int, member: int) -> None:
        """NotFound where the member has no such view, as for one that is another's."""
        self._changed(change.where(VIEWS.c.id == number, VIEWS.c.member == member), number)

    def _changed(self, change: Update | Delete, number: int) -> None:
        with self._db.write() as conn:
            if conn.execute(change).rowcount == 0:
                raise NotFound(f"No view {number} of yours", do="The page of saved views lists them.")
