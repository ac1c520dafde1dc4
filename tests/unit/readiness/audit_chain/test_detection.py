"""How a chain is made is found out for the common ways, and an unknown way is told, never guessed."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.audit_chain.chain_log import ChainUnreadable, read_entries
from battery.readiness.audit_chain.description import ChainDescription
from battery.readiness.audit_chain.detection import detect
from battery.readiness.audit_chain.file_check import Anchor, anchor_of, chain_troubles
from tests.unit.readiness.audit_chain.chains import WAYS, Make, chain, inside_sorted


@pytest.mark.parametrize("make", WAYS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("start", ["", "0" * 64])
def test_common_ways_of_chaining_are_found_out(make: Make, start: str) -> None:
    entries = read_entries(chain(make, start=start))
    description = detect(entries)
    assert chain_troubles(entries, description, anchor_of(entries, description)) == ()
    assert (description.hash_field, description.previous_field) == ("hash", "prev_hash")
    assert description.sequence_field == "seq"
    assert description.start == start
    assert "hash = sha" in str(description)


def test_a_first_record_without_a_previous_hash_is_understood() -> None:
    lines = []
    previous = None
    for number in range(4):
        record: dict[str, Any] = {"n": number, "what": "x", "previous_hash": previous}
        body = json.dumps(record, sort_keys=True, separators=(",", ":")).encode()
        previous = hashlib.sha256(body).hexdigest()
        lines.append(json.dumps({**record, "entry_hash": previous}).encode())
    assert detect(read_entries(b"\n".join(lines))).hash_field == "entry_hash"


def keyed(record: dict[str, Any], previous: str) -> str:
    body = json.dumps({**record, "prev_hash": previous}, sort_keys=True).encode()
    return hmac.new(b"a key that only the service has", body, "sha256").hexdigest()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (chain(keyed), "no known way of hashing explains hash"),
        (chain(inside_sorted, 1), "one record is no chain"),
        (b'{"a":"1"}\n{"a":"2"}\n', "this is no chain"),
        (b'{"h":"zz zz zz zz zz zz zz"}\n{"p":"zz zz zz zz zz zz zz","h":"x"}\n', "neither hex nor base64"),
        (b'{"h":"00112233445566778899"}\n{"p":"00112233445566778899","h":"x"}\n', "which no known hash has"),
    ],
)
def test_what_is_not_understood_is_told(data: bytes, problem: str) -> None:
    with pytest.raises(ChainUnreadable, match=problem):
        detect(read_entries(data))


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b'{"a":1}\n{"a":', "line 2: is no JSON record"),
        (b'{"a":1}\n\n{"a":2}', "line 2: is no JSON record"),
        (b"[1]\n", "line 1: is JSON, but no record"),
        (b'{"a":1,"a":2}\n', "the key 'a' stands twice"),
        (b'{"a":NaN}\n', "NaN is not a number"),
        (b"[" * 100_000, "line 1: is no JSON"),
    ],
)
def test_what_is_no_log_of_records_is_refused_with_the_line(data: bytes, problem: str) -> None:
    with pytest.raises(ChainUnreadable, match=problem):
        read_entries(data)


def test_a_log_larger_than_the_bound_is_refused_unread() -> None:
    with pytest.raises(ChainUnreadable, match="at most"):
        read_entries(b"x" * (64 * 2**20 + 1))


def test_chosen_fields_in_a_chosen_order_can_be_described() -> None:
    description = ChainDescription(
        hash_field="h",
        previous_field="p",
        serialisation="values",
        separator="/",
        previous="none",
        fields=("b", "a"),
        start="",
    )
    made = hashlib.sha256(b"2/1").hexdigest()
    entries = read_entries(json.dumps({"a": 1, "b": 2, "note": "x", "p": "", "h": made}).encode())
    assert chain_troubles(entries, description) == ()
    assert "sha256 over b, a (values JSON) without p" in str(description)


def test_an_anchor_knows_where_the_chain_must_end() -> None:
    entries = read_entries(chain(inside_sorted))
    description = detect(entries)
    anchor = anchor_of(entries, description)
    assert chain_troubles(entries[:-1], description) == ()
    assert "the end is cut off" in chain_troubles(entries[:-1], description, anchor)[0]
    longer = read_entries(chain(inside_sorted, 9))
    assert chain_troubles(longer, description, anchor) == ()
    assert "written anew" in chain_troubles(entries, description, Anchor(records=6, head="f" * 64))[0]


@given(st.integers(0, 5), st.sampled_from(["actor", "action", "ok", "seq", "prev_hash", "hash"]))
def test_no_field_of_any_record_can_be_changed_unnoticed(line: int, field: str) -> None:
    lines = chain(inside_sorted).splitlines()
    record = json.loads(lines[line])
    record[field] = "f" * 64
    lines[line] = json.dumps(record).encode()
    description = detect(read_entries(chain(inside_sorted)))
    assert chain_troubles(read_entries(b"\n".join(lines)), description)


def test_a_record_without_its_hash_is_told() -> None:
    description = detect(read_entries(chain(inside_sorted)))
    lines = chain(inside_sorted).splitlines()
    record = json.loads(lines[2])
    del record["hash"]
    lines[2] = json.dumps(record).encode()
    assert "line 3: it has no hash" in chain_troubles(read_entries(b"\n".join(lines)), description)
