"""The [capabilities] table in battery.toml, and what destroys."""

from pathlib import Path

import pytest

from battery.definitions.asked_rules import with_asked_rules
from battery.definitions.battery_toml import check_definition, load_definition
from battery.definitions.destruction import allowing_destruction
from battery.definitions.floor import rules_by_id
from battery.definitions.gates import load_shipped
from battery.errors import DefinitionError
from battery.model.capabilities import CAPABILITIES, Capabilities
from battery.model.definition import Definition
from battery.redaction import variables_of

C = "[capabilities."
SNAPSHOTS = f"{C}snapshots]\nbackup = ['b']\ndestroy = ['d']\nrestore = ['r']\n"
QUEUE = f"{C}queue]\nsubmit = {{ path = '/jobs', method = 'POST' }}\n"


def loaded(tmp_path: Path, text: str) -> Definition:
    path = tmp_path / "battery.toml"
    path.write_text(text)
    return load_definition(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[capabilities]\nrequired = ['flying']", "capabilities.required[0]"),
        (f"{C}restart]\npatience = '1 h'", "capabilities.restart.patience: "),
        (f"{C}restart]\ncount = {{ }}", "capabilities.restart.count: needs a path (with json) or a metric"),
        (f"{C}restart]\ncount = {{ path = '/x' }}", "capabilities.restart.count: needs json beside its path"),
        (f"{C}restart]\ncount = {{ path = '/x', json = 'a', metric = 'm' }}", "and not both"),
        (f"{C}restart]\ncount = {{ metric = 'm' }}", "[target] has no metrics path"),
        (
            f"{C}degradation]\nlevel = {{ path = '/x', json = 'a' }}\ndependency = 'db'",
            'capabilities.degradation.dependency: "db" names no dependency with an upstream',
        ),
        (f"{C}degradation]\npressure = 'cpu'", "capabilities.degradation.level"),
        (f"{C}audit]\nfile = 'log'\nverify_command = ['']", "capabilities.audit.verify_command[0]"),
        (f"{C}audit]\nfile = 'log'\nverify_command = ['v']", "needs {file} where the log's path shall stand"),
        (
            f"{C}audit]\nfile = 'log'\nverify_command = ['v', '{{file}}']\nverify_path = '/v'",
            "capabilities.audit: has a verify_command and a verify_path",
        ),
        (
            f"{C}audit]\nfile = 'log'\nrecords = {{ path = '/x', json = 'n' }}",
            "records and head belong together",
        ),
        (f"{QUEUE}job = {{ path = '/jobs' }}", "capabilities.queue.job.path: "),
        (SNAPSHOTS, "capabilities.snapshots: needs content"),
        (SNAPSHOTS + "content = ['x']\ndigest_command = ['y']", "and not both"),
        (SNAPSHOTS.replace("'d'", "' '") + "content = ['x']", "capabilities.snapshots.destroy[0]"),
        (SNAPSHOTS + "content = ['x']\nlimit = '11 min'", "capabilities.snapshots.limit: "),
        (
            f"{C}guardian]\nabuse = {{ path = '/x', headers = {{ Authorization = 'Bearer abc' }} }}",
            "capabilities.guardian.abuse.headers.Authorization: a secret stands in the file",
        ),
        ("[run]\nallow_destructive = true", "run.allow_destructive: has no place in a file"),
        ("[source]\nenv = { TOKEN = 'abc' }", "source.env.TOKEN: a secret stands in the file"),
        ("[docs]\nenv = { TOKEN = 'abc' }", "docs.env.TOKEN: a secret stands in the file"),
        ("[bootstrap]\ncommand = ['x']\nenv = { TOKEN = 'abc' }", "bootstrap.env.TOKEN: a secret"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        loaded(tmp_path, text)
    assert said in str(refused.value)


def test_secrets_of_every_request_are_masked(tmp_path: Path) -> None:
    text = f"""
[docs]
env = {{ TOKEN = "env:DOCS_TOKEN" }}
{C}guardian]
isolate = {{ path = "/i", method = "POST", headers = {{ Authorization = "env:ADMIN" }} }}
{C}restart]
count = {{ path = "/x", json = "n", headers = {{ Authorization = "env:READER" }} }}
"""
    assert variables_of(loaded(tmp_path, text)) == ("ADMIN", "DOCS_TOKEN", "READER")


def test_a_required_capability_becomes_a_rule_of_g6_once() -> None:
    asked = Definition(capabilities=Capabilities(required=("queue", "queue")))
    rules = rules_by_id(with_asked_rules(load_shipped(), asked).gates)
    assert (rules["G6:capabilities.queue"].operator, rules["G6:capabilities.queue"].limit) == ("==", 1)
    assert "G6:capabilities.audit" not in rules


def test_every_capability_has_its_measure() -> None:
    names = {measure.name for measure in load_shipped().measures}
    assert {f"capabilities.{name}" for name in CAPABILITIES} <= names


def test_the_command_line_may_allow_what_a_file_may_not() -> None:
    allowed = allowing_destruction(Definition())
    assert allowed.run.allow_destructive
    check_definition(allowed, "command line")
