"""Every reader, on anything: an inventory or the one foreseen error."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.scan.sbom.component import Inventory
from battery.scan.sbom.detecting import SOURCES
from battery.scan.sbom.source import Source, SourceFile
from battery.scan.sbom.unreadable import SourceUnreadable

ASSETS = Path(__file__).parents[3] / "assets" / "sbom"
SEEDS = {source.kind: (ASSETS / source.kind).read_bytes() for source in SOURCES}
EVERY = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.kind)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def read(source: Source, data: bytes) -> Inventory | None:
    try:
        return source.read(SourceFile(source.kind, data))
    except SourceUnreadable as error:
        told = str(error)
    assert told.isprintable()
    return None


@EVERY
@settings(deadline=None)
@given(data=st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_the_foreseen_error(source: Source, data: bytes) -> None:
    read(source, data)


@EVERY
@settings(deadline=None)
@given(at=st.floats(0, 1), junk=st.binary(min_size=1, max_size=6), cut=st.integers(0, 40))
def test_damaged_locks_raise_nothing_but_the_foreseen_error(
    source: Source, at: float, junk: bytes, cut: int
) -> None:
    seed = SEEDS[source.kind]
    place = int(at * len(seed))
    read(source, seed[:place] + junk + seed[place + cut :])


@EVERY
@settings(deadline=None)
@given(text=st.text(max_size=60))
def test_arbitrary_lines_raise_nothing_but_the_foreseen_error(source: Source, text: str) -> None:
    read(source, text.encode("utf-8", "surrogatepass"))


@settings(deadline=None)
@given(
    entry=st.dictionaries(
        st.sampled_from(["version", "resolved", "integrity", "license", "os", "link", "name"]), VALUES
    )
)
def test_arbitrary_entries_of_npm_raise_nothing_but_the_foreseen_error(entry: object) -> None:
    npm = next(source for source in SOURCES if source.kind == "package-lock.json")
    read(npm, json.dumps({"lockfileVersion": 3, "packages": {"": {}, "node_modules/a": entry}}).encode())


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b"a = [", b"a = {b = "])
@EVERY
def test_endless_nesting_is_an_error_and_no_crash(source: Source, opening: bytes) -> None:
    assert read(source, opening * 20_000) is None
