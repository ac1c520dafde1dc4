"""The four classic traps, as `battery certify` meets them: each looks healthy to who only looks, and none is certified."""

import sys
from pathlib import Path

import pytest

from battery.load.fleet import free_port
from tests.fakes.commands import Said, run
from tests.fakes.observed_target import pongs

REPOSITORY = Path(__file__).parents[3]
BATTERY_TOML = """
[target]
url = "http://127.0.0.1:{port}"
live = "/health/live"
ready = "/health/ready"
status = "/health/status"
metrics = "/metrics"
[[endpoint]]
name = "work"
path = "/work"
[source]
path = "source"
[process]
command = ["{python}", "-m", "tests.fakes.observed_target", "--port", "{port}", "--dependency", "{{dependency.pong}}", "--log", "shop.log"{lie}]
env = {{ PYTHONPATH = "{repository}" }}
[[dependency]]
name = "pong"
upstream = "{dependency}"
[observability]
ready_needs = ["pong"]
[observability.not_applicable]
logs = "no trap of this test"
tracing = "no trap of this test"
[docs]
quickstart = "quickstart.md"
[docs.not_applicable]
runbooks = "nobody is paged"
api = "a shop of one path"
"""


def certified(here: Path, lie: str = "", quickstart: str = "true") -> Said:
    source = here / "source"
    source.mkdir()
    (source / "README.md").write_text("# A shop\n\nSee the [quickstart](quickstart.md).\n")
    (source / "quickstart.md").write_text(f"# Quickstart\n\n```sh\n{quickstart}\n```\n")
    with pongs() as dependency:
        given = {"python": sys.executable, "repository": REPOSITORY, "dependency": dependency.address}
        lying = f', "--lie={lie}"' if lie else ""
        text = BATTERY_TOML.format(port=free_port("127.0.0.1"), lie=lying, **given)
        (here / "battery.toml").write_text(text)
        assert run("keygen", cwd=here).code == 0
        return run("certify", "--only", "readiness", "--intensity", "smoke", "--json", cwd=here)


def summary(here: Path) -> str:
    """What a person reads in the pipeline; the console folds the same words."""
    return (here / "artifacts/latest/summary.md").read_text()


def failed(said: Said) -> set[str]:
    return {rule["rule"] for gate in said.json["gates"] for rule in gate["rules"] if rule["status"] == "fail"}


@pytest.mark.parametrize(
    ("lie", "rule", "says"),
    [
        ("catch_all", "observability.health.defects", "a random path answers HTTP 200 as well"),
        ("deaf", "observability.ready.defects", "ready went on saying yes"),
        ("frozen", "observability.counter.difference", "grew by 0, the battery sent"),
    ],
)
def test_a_service_that_only_looks_observed_is_not_certified(
    tmp_path: Path, lie: str, rule: str, says: str
) -> None:
    said = certified(tmp_path, lie)
    assert rule in failed(said), said.err
    assert says in summary(tmp_path)
    assert said.code == 1


def test_documents_that_do_not_run_are_not_certified(tmp_path: Path) -> None:
    said = certified(tmp_path, quickstart="start-the-shop --now")
    assert "docs.quickstart.failures" in failed(said), said.err
    assert "start-the-shop: command not found" in summary(tmp_path)
    assert said.code == 1


def test_the_honest_shop_fails_none_of_their_rules(tmp_path: Path) -> None:
    said = certified(tmp_path)
    judged = {rule["rule"]: rule["status"] for gate in said.json["gates"] for rule in gate["rules"]}
    trapped = ("health.defects", "ready.defects", "counter.difference")
    assert {judged[f"observability.{name}"] for name in trapped} == {"pass"}, said.err
    assert judged["docs.quickstart.failures"] == "pass"
