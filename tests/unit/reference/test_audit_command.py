"""`python -m battery.reference.audit verify`, the key, and the audit log's resources."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from battery.reference.audit.__main__ import BROKEN, INTACT, UNKNOWN, main
from battery.reference.audit.key import FILE, WrongKey, kept_key, key_in, own_key
from battery.reference.audit.trail import Trail
from tests.fakes.reference_house import ORDER, House


@pytest.fixture
def house(tmp_path: Path, runner: asyncio.Runner) -> Iterator[House]:
    """A service with callers."""
    house = House(tmp_path / "house", runner)
    yield house
    house.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of a service that has ended, which made its own key."""
    folder = tmp_path / "data"
    folder.mkdir()
    with closing(Trail(folder, own_key(folder))) as trail:
        trail.note("login.accepted", actor="ann")
    return folder


def test_an_intact_log_ends_with_0(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(data / "audit.ndjson")], {}) == INTACT
    assert capsys.readouterr().out == "intact: 3 records follow each other, 3 of them under the head\n"


def test_a_copy_is_verified_beside_the_head_of_the_service(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.ndjson"
    shutil.copy(data / "audit.ndjson", copy)
    assert main(["verify", str(copy), "--data", str(data)], {}) == INTACT
    copy.write_bytes(copy.read_bytes().replace(b'"ann"', b'"bob"'))
    assert main(["verify", str(copy), "--data", str(data)], {}) == BROKEN
    shutil.copy(data / "audit.ndjson", copy)
    shutil.move(data / "audit.head", tmp_path / "kept.head")
    assert main(["verify", str(copy), "--data", str(data)], {}) == BROKEN
    assert (
        main(["verify", str(copy), "--data", str(data), "--head", str(tmp_path / "kept.head")], {}) == INTACT
    )


def test_what_cannot_be_told_ends_with_64(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(tmp_path / "nothing"), "--data", str(data)], {}) == UNKNOWN
    copy = tmp_path / "elsewhere" / "audit.ndjson"
    copy.parent.mkdir()
    shutil.copy(data / "audit.ndjson", copy)
    assert main(["verify", str(copy)], {}) == UNKNOWN
    assert "name the service's data folder with --data" in capsys.readouterr().err


def test_the_key_of_the_environment_comes_first(data: Path) -> None:
    assert (
        main(["verify", str(data / "audit.ndjson")], {"REFERENCE_AUDIT_KEY": "another key of the service"})
        == BROKEN
    )
    assert key_in({}) is None
    with pytest.raises(WrongKey, match="has 5 characters"):
        key_in({"REFERENCE_AUDIT_KEY": "short"})


def test_the_own_key_is_made_once_for_nobody_else(tmp_path: Path) -> None:
    key = own_key(tmp_path)
    assert own_key(tmp_path) == kept_key(tmp_path) == key
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    (tmp_path / FILE).write_bytes(b"short")
    with pytest.raises(WrongKey, match="holds 5 bytes"):
        own_key(tmp_path)


def test_an_administrator_reads_and_verifies_the_log(house: House) -> None:
    house.call("POST", "/api/orders", "will", json=ORDER)
    answer = house.call("GET", "/api/audit?limit=1", "ann").json()
    [entry] = answer["entries"]
    assert (entry["event"], entry["actor"], entry["items"]) == ("order.placed", "will", [1])
    assert (answer["figures"]["records"], answer["figures"]["head"]) == (2, entry["hash"])
    assert house.call("GET", "/api/audit/verify", "ann").json()["intact"] is True
    assert house.call("GET", "/api/audit?limit=0", "ann").status_code == 400


def test_a_broken_log_is_told(house: House) -> None:
    assert house.events() == ["service.started"]
    log = house.folder / "audit.ndjson"
    log.write_bytes(log.read_bytes().replace(b"service.started", b"service.stArted"))
    assert house.call("GET", "/api/audit/verify", "ann").json()["intact"] is False
    log.unlink()
    answer = house.call("GET", "/api/audit/verify", "ann").json()
    assert (answer["intact"], "cannot be read" in answer["detail"]) == (False, True)


def test_a_copy_of_the_log_can_be_sent_to_be_verified(house: House) -> None:
    assert house.events() == ["service.started"]
    text = (house.folder / "audit.ndjson").read_bytes()

    def intact(body: bytes) -> object:
        return house.call("POST", "/api/audit/verify", "ann", content=body).json().get("intact")

    assert intact(text) is True
    assert intact(text.replace(b"started", b"stopped")) is False
    assert house.call("POST", "/api/audit/verify", "ann").status_code == 400
    assert house.call("POST", "/api/audit/verify", "will", content=text).status_code == 403
    (house.folder / "audit.head").unlink()
    assert intact(text) is False


def test_changes_are_noted_by_their_numbers(house: House) -> None:
    house.call("POST", "/api/orders", "will", json=ORDER, headers={"Idempotency-Key": "k"})
    house.call("POST", "/api/orders", "will", json=ORDER, headers={"Idempotency-Key": "k"})
    house.call("POST", "/api/records", "will", json={"id": "words-of-mine", "run": "r"})
    house.call("DELETE", "/api/orders/1", "will")
    house.call("DELETE", "/api/orders/1", "will")
    assert house.events() == ["service.started", "order.placed", "record.kept", "order.removed"]
    assert "words-of-mine" not in house.call("GET", "/api/audit", "ann").text
