"""Where a PostgreSQL connection string leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.faults.postgresql_hosts import hosts_of


@pytest.mark.parametrize(
    ("dsn", "hosts"),
    [
        ("postgresql:///app", ()),
        ("postgresql://u:p@db/app", (("db", 5432),)),
        ("postgresql://u:p@one:1,two/app?port=7", (("one", 1), ("two", 7))),
        ("postgresql:///app?host=one,two&port=1,2", (("one", 1), ("two", 2))),
        ("postgresql://u@[::1]:5/app?hostaddr=9.9.9.9", (("::1", 5), ("9.9.9.9", 5432))),
        ("postgresql://:5433/app", (("localhost", 5433),)),
        ("postgresql://%2Frun%2Fpg/app", ()),
        ("postgresql:///app?host=/run/pg", ()),
        ("postgresql://::1/app", (("::1", 5432),)),
    ],
)
def test_every_host_and_port_is_told(dsn: str, hosts: tuple[tuple[str, int], ...]) -> None:
    assert hosts_of(dsn, {}) == hosts


def test_the_environment_counts_where_the_string_names_no_host() -> None:
    environ = {"PGHOST": "far", "PGPORT": "6000"}
    assert hosts_of("postgresql:///app", environ) == (("far", 6000),)
    assert hosts_of("postgresql://near/app", environ) == (("near", 6000),)


@pytest.mark.parametrize(
    "dsn", ["postgresql://h:x/a", "postgresql://h:99999/a", "postgresql://u:hunter2@h\u2100/"]
)
def test_what_cannot_be_told_is_refused_without_a_secret(dsn: str) -> None:
    with pytest.raises(ValueError, match=r"port|read") as caught:
        hosts_of(dsn, {})
    assert "hunter2" not in str(caught.value)


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_string_crashes_it(rest: str, host: str) -> None:
    try:
        found = hosts_of(f"postgresql://{rest}", {"PGHOST": host})
    except ValueError:
        return
    assert all(name and 0 < port < 65536 for name, port in found)
