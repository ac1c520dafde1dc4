"""The document: strict CycloneDX 1.6, the same bytes for the same content."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from battery.scan.sbom.component import Component, Edge
from battery.scan.sbom.document import Project, document
from battery.scan.sbom.merging import Graph

TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SHOP = Project(name="shop", version="1.0")


def component(**more: object) -> Component:
    plain: dict[str, object] = {
        "ref": "pkg:pypi/a@1", "ecosystem": "PyPI", "name": "a", "version": "1", "purl": "pkg:pypi/a@1"
    }  # fmt: skip
    return Component(**(plain | more))  # type: ignore[arg-type]


def graph(*components: Component) -> Graph:
    return Graph(components=components, edges=tuple(Edge(of="", on=entry.ref) for entry in components))


def test_what_is_known_of_a_component_stands_in_the_document() -> None:
    entry = component(
        licences=("MIT",), hashes=("sha256:" + "a" * 64,), markers=("m",), places=("uv.lock",), need="development",
        record="b" * 64,
    )  # fmt: skip
    found = json.loads(document(graph(entry), SHOP, TIME))
    (told,) = found["components"]
    assert found["specVersion"] == "1.6"
    assert told["licenses"] == [{"license": {"acknowledgement": "declared", "id": "MIT"}}]
    assert told["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
    assert told["scope"] == "excluded"
    assert {entry["name"].partition(":")[2]: entry["value"] for entry in told["properties"]} == {
        "ecosystem": "PyPI",
        "marker": "m",
        "place": "uv.lock",
        "record:sha256": "b" * 64,
    }
    assert found["metadata"]["timestamp"] == TIME.isoformat()
    assert found["metadata"]["component"]["name"] == "shop"
    assert {"ref": "root", "dependsOn": ["pkg:pypi/a@1"]} in found["dependencies"]


def test_a_scope_of_npm_is_the_group_and_a_local_project_has_no_package_url() -> None:
    entries = (
        component(ref="pkg:npm/%40s/a@1", name="@s/a", purl="pkg:npm/%40s/a@1", ecosystem="npm"),
        component(ref="local:npm/b", name="b", purl="", ecosystem="npm", version=""),
    )
    by_name = {
        entry["name"]: entry for entry in json.loads(document(graph(*entries), SHOP, TIME))["components"]
    }
    assert by_name["a"]["group"] == "@s"
    assert "purl" not in by_name["b"]
    assert "version" not in by_name["b"]


def test_an_expression_stands_alone_and_among_others_it_is_a_name() -> None:
    alone = json.loads(document(graph(component(licences=("MIT OR ISC",))), SHOP, TIME))["components"][0]
    assert alone["licenses"] == [{"expression": "MIT OR ISC", "acknowledgement": "declared"}]
    several = json.loads(document(graph(component(licences=("MIT OR ISC", "mit"))), SHOP, TIME))[
        "components"
    ][0]
    assert {entry["license"].get("id", entry["license"].get("name")) for entry in several["licenses"]} == {
        "MIT",
        "MIT OR ISC",
    }


def test_the_serial_number_follows_from_the_content_and_the_time() -> None:
    def serial(*entries: Component, time: datetime = TIME, reasons: tuple[str, ...] = ()) -> UUID:
        return UUID(json.loads(document(graph(*entries), SHOP, time, reasons))["serialNumber"])

    first = serial(component())
    assert first == serial(component())
    assert first.version == 5
    others = {
        serial(component(version="2")),
        serial(component(), time=TIME + timedelta(1)),
        serial(component(), reasons=("x",)),
    }
    assert len(others | {first}) == 4


def test_what_the_bill_may_lack_stands_in_it() -> None:
    found = json.loads(document(graph(component()), SHOP, TIME, ("uv.lock: it is not TOML",)))
    assert found["metadata"]["properties"] == [
        {"name": "hardening-battery:incomplete", "value": "uv.lock: it is not TOML"}
    ]


TEXT = st.text(max_size=20)


@settings(max_examples=40, deadline=None)
@given(
    name=st.text(min_size=1, max_size=20),
    version=TEXT,
    licences=st.lists(st.text(min_size=1, max_size=20), max_size=3),
    marker=TEXT,
)
def test_whatever_a_lock_says_the_document_is_valid(
    name: str, version: str, licences: list[str], marker: str
) -> None:
    entry = component(
        ref="local:x", name=name, version=version, purl="", licences=tuple(licences), markers=(marker,)
    )
    assert document(graph(entry), Project(name=name, version=version), TIME) == document(
        graph(entry), Project(name=name, version=version), TIME
    )
