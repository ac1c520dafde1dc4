"""The definition of the reference target."""

import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from battery.reference.demo import demo_definition_toml


def test_the_definition_names_the_target_its_endpoints_and_its_source() -> None:
    definition = tomllib.loads(demo_definition_toml("http://127.0.0.1:8000", Path("/src")))
    assert definition["target"] == {
        "url": "http://127.0.0.1:8000",
        "live": "/api/health/live",
        "ready": "/api/health/ready",
        "status": "/api/health/status",
        "metrics": "/metrics",
        "identity": {"path": "/version", "json": "commit"},
    }
    assert {endpoint["class"] for endpoint in definition["endpoint"]} == {"light", "heavy"}
    assert definition["source"] == {"path": "/src"}


# No longer than a folder's name may be: 255 bytes.
@given(st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=60))
def test_any_folder_name_survives_in_the_definition(name: str) -> None:
    source = Path("/") / name
    assert tomllib.loads(demo_definition_toml("http://x", source))["source"]["path"] == str(source)
