"""Merging: one component for each package, needs and markers by the whole graph."""

from hypothesis import given, settings
from hypothesis import strategies as st

from battery.scan.sbom.component import NEEDS, Component, Edge, Inventory
from battery.scan.sbom.merging import merged

REFS = "abcdef"


def component(ref: str, **more: object) -> Component:
    return Component(ref=ref, ecosystem="PyPI", name=ref, version="1", purl=f"pkg:pypi/{ref}@1", **more)  # type: ignore[arg-type]


def inventory(
    *components: Component, edges: tuple[Edge, ...] = (), direct: tuple[Edge, ...] = ()
) -> Inventory:
    return Inventory(kind="test", components=components, edges=edges, direct=direct)


def test_two_sources_of_one_package_give_one_component_with_what_both_say() -> None:
    one = inventory(component("a", hashes=("md5:1",), places=("x:1",), markers=("m",), licences=("MIT",)))
    other = inventory(component("a", hashes=("md5:2",), places=("y",), record="r"))
    (found,) = merged([one, other]).components
    assert (found.hashes, found.places, found.markers) == (("md5:1", "md5:2"), ("x:1", "y"), ())
    assert (found.licences, found.record) == (("MIT",), "r")


def test_a_need_is_that_of_the_strongest_way() -> None:
    graph = merged(
        [
            inventory(
                *map(component, "abcd"),
                edges=(
                    Edge(of="a", on="b", need="optional", marker="m"),
                    Edge(of="b", on="c"),
                    Edge(of="d", on="c", marker="n", need="optional"),
                    Edge(of="d", on="d"),
                ),
                direct=(Edge(of="", on="a"), Edge(of="", on="d", need="development")),
            )
        ]
    )
    assert {entry.ref: (entry.need, entry.markers) for entry in graph.components} == {
        "a": ("required", ()),
        "b": ("optional", ("m",)),
        "c": ("optional", ()),
        "d": ("development", ()),
    }


EDGES = st.lists(
    st.builds(Edge, of=st.sampled_from(REFS), on=st.sampled_from(REFS), need=st.sampled_from(NEEDS)),
    max_size=12,
)


@settings(deadline=None)
@given(edges=EDGES, wishes=st.sets(st.sampled_from(REFS)))
def test_everything_is_reached_from_the_project_even_in_cycles(edges: list[Edge], wishes: set[str]) -> None:
    direct = tuple(Edge(of="", on=ref) for ref in sorted(wishes))
    graph = merged([inventory(*map(component, REFS), edges=tuple(edges), direct=direct)])
    reached, waiting = set(), [""]
    while waiting:
        ref = waiting.pop()
        for edge in graph.edges:
            if edge.of == ref and edge.on not in reached:
                reached.add(edge.on)
                waiting.append(edge.on)
    assert reached == set(REFS)
    assert {(edge.of, edge.on) for edge in graph.edges if edge.of} == {
        (edge.of, edge.on) for edge in edges if edge.of != edge.on
    }


@settings(deadline=None)
@given(edges=EDGES, order=st.randoms())
def test_the_order_of_what_was_read_changes_nothing(edges: list[Edge], order: object) -> None:
    shuffled = list(edges)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    one = merged([inventory(*map(component, REFS), edges=tuple(edges))])
    assert one == merged([inventory(*map(component, reversed(REFS)), edges=tuple(shuffled))])
