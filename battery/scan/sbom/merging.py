"""Several sources to one graph: a package is one component, however many files name it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from battery.model.frozen import Frozen
from battery.scan.sbom.component import NEEDS, Component, Edge, Inventory, Need


class Graph(Frozen, frozen=True, kw_only=True):
    """Every component once, by ref, and every edge once; an edge whose `of` is empty is the project's own."""

    components: tuple[Component, ...]
    edges: tuple[Edge, ...]


def merged(inventories: Sequence[Inventory]) -> Graph:
    """All of them together, each component with its need and markers as the whole graph tells them."""
    by_ref: dict[str, Component] = {}
    for component in (entry for inventory in inventories for entry in inventory.components):
        known = by_ref.get(component.ref)
        by_ref[component.ref] = _both(known, component) if known else component
    edges = {edge for inventory in inventories for edge in (*inventory.edges, *_direct(inventory))}
    ordered = sorted(
        (edge for edge in edges if edge.of != edge.on), key=lambda e: (e.of, e.on, e.need, e.marker)
    )
    needs, incoming = _needs(ordered), _incoming(ordered)
    components = (
        msgspec.structs.replace(
            component, need=needs.get(ref, "required"), markers=_markers(component, incoming[ref])
        )
        for ref, component in sorted(by_ref.items())
    )
    return Graph(components=tuple(components), edges=tuple(ordered))


def _both(one: Component, other: Component) -> Component:
    """One package as two entries tell it. It is meant for all platforms as soon as one of them says so."""
    return msgspec.structs.replace(
        one,
        licences=one.licences or other.licences,
        hashes=tuple(sorted({*one.hashes, *other.hashes})),
        places=tuple(sorted({*one.places, *other.places})),
        markers=tuple(sorted({*one.markers, *other.markers})) if one.markers and other.markers else (),
        record=one.record or other.record,
    )


def _direct(inventory: Inventory) -> Iterable[Edge]:
    """The project's edges; what the source leaves unreached is the project's own wish too, the tops first."""
    onward: defaultdict[str, list[str]] = defaultdict(list)
    for edge in inventory.edges:
        onward[edge.of].append(edge.on)
    yield from inventory.direct
    reached: set[str] = set()
    reach([edge.on for edge in inventory.direct], onward, reached)
    needed = {edge.on for edge in inventory.edges if edge.on != edge.of}
    refs = sorted({component.ref for component in inventory.components}, key=lambda ref: (ref in needed, ref))
    for ref in refs:
        if ref not in reached:
            yield Edge(of="", on=ref)
            reach([ref], onward, reached)


def reach(starts: Iterable[str], onward: Mapping[str, Sequence[str]], reached: set[str]) -> None:
    """Add everything that the starts lead to."""
    waiting = list(starts)
    while waiting:
        ref = waiting.pop()
        if ref not in reached:
            reached.add(ref)
            waiting += onward.get(ref, [])


def _needs(edges: list[Edge]) -> dict[str, Need]:
    """For each ref the strongest need on any way to it; a way is as strong as its weakest edge."""
    needs: dict[str, Need] = {}
    for at, need in enumerate(NEEDS):
        onward: defaultdict[str, list[str]] = defaultdict(list)
        for edge in edges:
            if NEEDS.index(edge.need) <= at:
                onward[edge.of].append(edge.on)
        reached: set[str] = set()
        reach([""], onward, reached)
        for ref in reached:
            needs.setdefault(ref, need)
    return needs


def _incoming(edges: list[Edge]) -> defaultdict[str, list[str]]:
    incoming: defaultdict[str, list[str]] = defaultdict(list)
    for edge in edges:
        incoming[edge.on].append(edge.marker)
    return incoming


def _markers(component: Component, incoming: list[str]) -> tuple[str, ...]:
    """Its own markers, and those of the edges to it where no edge is without."""
    from_edges = incoming if incoming and all(incoming) else []
    # Tools quote markers differently: one marker is told once.
    return tuple(sorted({marker.replace("'", '"') for marker in (*component.markers, *from_edges)}))
