"""The nouns of a bill of materials: a component, what depends on what, and what one source said."""

from typing import Literal

from battery.model.frozen import Frozen

Ecosystem = Literal["PyPI", "npm"]
Need = Literal["required", "optional", "development"]
"""Why something is there: always, under a marker or extra, or only to develop with."""
NEEDS: tuple[Need, ...] = ("required", "optional", "development")
"""The strongest first."""


class Component(Frozen, frozen=True, kw_only=True):
    """One package of one version. `ref` is its identity: two sources that name the same package give the same `ref`."""

    ref: str
    ecosystem: Ecosystem
    name: str
    version: str = ""
    """Empty where the source does not pin it."""
    purl: str = ""
    """Empty for a local project, which no index knows."""
    licences: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    """`algorithm:hex` of every archive that the source admits for this version."""
    places: tuple[str, ...] = ()
    """The files that name it, `requirements.txt:3` where the line is known."""
    markers: tuple[str, ...] = ()
    """The platforms or extras it is meant for, when it is not meant for all."""
    need: Need = "required"
    record: str = ""
    """For an installed component, the SHA-256 of its RECORD, which in turn holds the hash of each of its files."""

    @property
    def local(self) -> bool:
        """Whether it is a project of the tree itself."""
        return not self.purl


class Edge(Frozen, frozen=True, kw_only=True):
    """`of` depends on `on`; both are refs."""

    of: str
    on: str
    need: Need = "required"
    marker: str = ""


class Inventory(Frozen, frozen=True, kw_only=True):
    """What one source said. `direct` is what the project itself asks for; empty where the source does not tell."""

    kind: str
    components: tuple[Component, ...]
    edges: tuple[Edge, ...] = ()
    direct: tuple[Edge, ...] = ()
    """Edges of the project: their `of` is empty."""
    reasons: tuple[str, ...] = ()
    """What could not be told, in words: each makes the bill incomplete."""
