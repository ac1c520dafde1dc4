"""The drill that battery.toml orders."""

from pathlib import Path

import pytest

from battery.errors import UsageError
from battery.model.target import Bootstrap
from battery.readiness.bootstrap.drill import Drill
from battery.readiness.bootstrap.free_port import free_port
from battery.readiness.bootstrap.ordered import drill_of


def ordered(bootstrap: Bootstrap, **environ: str) -> Drill:
    return drill_of(bootstrap, Path("tree"), Path("scratch"), 8123, environ)


def test_the_port_is_filled_in_everywhere() -> None:
    drill = ordered(Bootstrap(command=("make", "up", "--port={port}"), ready="/ready", port_variable="HTTP"))
    assert drill.command == ("make", "up", "--port=8123")
    assert drill.ready_url == "http://127.0.0.1:8123/ready"
    assert drill.given == {"HTTP": "8123"}
    assert drill.seconds == 600


def test_without_a_ready_path_there_is_no_url() -> None:
    assert ordered(Bootstrap(command=("make",), url="http://localhost:9/base/")).ready_url == ""


def test_values_are_given_and_references_resolved() -> None:
    bootstrap = Bootstrap(command=("make",), env={"A": "1", "TOKEN": "env:SECRET", "PORT": "0"})
    assert ordered(bootstrap, SECRET="s").given == {"A": "1", "TOKEN": "s", "PORT": "8123"}
    with pytest.raises(UsageError, match="SECRET"):
        ordered(bootstrap)


def test_a_free_port_is_one() -> None:
    assert 1024 < free_port() < 65536
