"""The tables of the readiness instrument in battery.toml."""

from pathlib import Path

import pytest

from battery.definitions.battery_toml import load_definition
from battery.errors import DefinitionError


def loaded(tmp_path: Path, text: str) -> None:
    path = tmp_path / "battery.toml"
    path.write_text(text)
    load_definition(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[source]\ncoverage_command = ['']\ncoverage = 'x'", "source.coverage_command[0]: names no program"),
        ("[source]\ncoverage_command = ['make']", "source.coverage_command: needs coverage beside it"),
        ("[source]\ncoverage_limit = '2 h'", "source.coverage_limit: "),
        ("[source]\nenvironment = ['A=B']", "source.environment"),
        ("[source]\npackage_floor = 0", "source.package_floor"),
        ("[bootstrap]\ncommand = [' ']", "bootstrap.command[0]: names no program"),
        ("[bootstrap]\ncommand = ['x']\nlimit = '0 s'", "bootstrap.limit: "),
        ("[bootstrap]\ncommand = ['x']\nurl = 'ftp://x'", "bootstrap.url: "),
        ("[bootstrap]\ncommand = ['x']\nport_variable = '1'", "bootstrap.port_variable"),
        ("[docs]\nquickstart_limit = '5 h'", "docs.quickstart_limit: "),
        ("[docs]\nquickstart_ready = '/ready'", "docs.quickstart_ready: "),
        ("[docs]\nopenapi = '//x'", "docs.openapi: "),
        ("[docs]\nopenapi = 'x'\nnot_applicable = { api = 'none' }", "docs.not_applicable.api: is called"),
        ("[docs]\nnot_applicable = { api = '' }", "docs.not_applicable.api"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        loaded(tmp_path, text)
    assert said in str(refused.value)


def test_a_full_description_loads(tmp_path: Path) -> None:
    loaded(
        tmp_path,
        """
[source]
coverage = "coverage.json"
coverage_command = ["make", "coverage"]
coverage_limit = "20 min"
environment = ["PATH"]
package_floor = 80
[bootstrap]
command = ["make", "bootstrap", "PORT={port}"]
ready = "/ready"
url = "http://127.0.0.1:{port}"
environment = ["PATH"]
[docs]
quickstart = "docs/quickstart.md"
quickstart_ready = "http://127.0.0.1:8009/ready"
rules = ["alerts/*.yml"]
openapi = "/openapi.json"
""",
    )
