"""Keys that name one person stand in one group; groups that hold different ids of the same system are kept apart."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Group:
    """parties: known parties in it, each with why it was joined; externals: namespace → its key; first: the earliest (moment ms, key)."""

    parties: dict[bytes, str] = field(default_factory=dict)
    externals: dict[str, bytes] = field(default_factory=dict)
    first: tuple[int, bytes] | None = None

    def contradicts(self, other: "Group") -> bool:
        """Whether the two hold different ids of one system: then they are two people, whatever else they share."""
        return any(other.externals.get(namespace, key) != key for namespace, key in self.externals.items())

    def seen(self, moment: int, key: bytes) -> None:
        """Notes a mention."""
        if self.first is None or (moment, key) < self.first:
            self.first = (moment, key)


class Groups:
    """Disjoint sets of keys and known parties (union by size with path halving)."""

    def __init__(self) -> None:
        self._parent: dict[bytes, bytes] = {}
        self._size: dict[bytes, int] = {}
        self._group: dict[bytes, Group] = {}

    def root(self, node: bytes) -> bytes:
        """The node that stands for the set; a new node stands for itself."""
        parent = self._parent
        if node not in parent:
            parent[node], self._size[node], self._group[node] = node, 1, Group()
            return node
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def of(self, node: bytes) -> Group:
        """What is known of the node's set."""
        return self._group[self.root(node)]

    def all(self) -> list[Group]:
        """Every set once."""
        return [self._group[node] for node, parent in self._parent.items() if node == parent]

    def unite(self, a: bytes, b: bytes, why: str) -> bool:
        """Makes one set of two; False when they contradict each other, and nothing changes."""
        a, b = self.root(a), self.root(b)
        if a == b:
            return True
        if self._group[a].contradicts(self._group[b]):
            return False
        if self._size[a] < self._size[b]:
            a, b = b, a
        self._parent[b] = a
        self._size[a] += self._size[b]
        _absorb(self._group[a], self._group.pop(b), why)
        return True


def _absorb(into: Group, other: Group, why: str) -> None:
    reason = dict.fromkeys((*into.parties, *other.parties), why) if into.parties and other.parties else {}
    into.parties = {**into.parties, **other.parties, **{p: (into.parties | other.parties)[p] or why for p in reason}}
    into.externals |= other.externals
    if other.first:
        into.seen(*other.first)
