"""The scrubbed environment holds nothing of whoever runs the battery, but the way to the network."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.bootstrap.environment import SYSTEM_PATH, make_home, scrubbed

NAMES = st.text(alphabet="ABCDEFGHIJ_", min_size=1, max_size=8)


@given(st.dictionaries(NAMES, st.text(max_size=5), max_size=5))
def test_only_what_is_named_is_taken_over(environ: dict[str, str]) -> None:
    made = scrubbed(Path("/h"), {**environ, "HTTPS_PROXY": "p", "HOME": "/mine"}, keep=["TOKEN", "ABC"])
    strange = {name: value for name, value in environ.items() if name in made and made[name] == value}
    assert set(strange) - {"HOME", "PATH"} <= {"ABC", "TOKEN"}
    assert (made["HOME"], made["HTTPS_PROXY"]) == ("/h", "p")


def test_home_caches_and_path_are_its_own(tmp_path: Path) -> None:
    made = scrubbed(tmp_path, {"PATH": "/mine"}, path=("/a", "/b"))
    assert made["PATH"] == "/a:/b"
    assert scrubbed(tmp_path, {})["PATH"].split(":") == list(SYSTEM_PATH)
    caches = [made[name] for name in ("XDG_CACHE_HOME", "PIP_CACHE_DIR", "TMPDIR", "npm_config_cache")]
    assert all(Path(place).is_relative_to(tmp_path) for place in caches)
    make_home(tmp_path)
    assert Path(made["TMPDIR"]).is_dir()
