"""Discovery and the starter that is written from it: what is found, and that it always loads."""

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from battery.definitions.battery_toml import check_definition
from battery.definitions.decoding import decode
from battery.definitions.discovery import Discovery, discover
from battery.definitions.folder_text import has_file, source_files, text_of
from battery.definitions.starter import starter_toml
from battery.definitions.toml_file import parse
from battery.model.definition import Definition

SAMPLES: dict[str, dict[str, str]] = {
    "flask": {
        "requirements.txt": "Flask==3.1\n",
        "app.py": '@app.route("/healthz")\n@app.get("/ready")\n@app.get("/metrics")\n',
    },
    "fastapi": {
        "pyproject.toml": 'dependencies = ["fastapi>=0.100"]',
        "app/main.py": '@app.get("/api/health/live")\n@app.get("/api/health/ready")\n@app.get("/version")',
        "docs/quickstart.md": "# Start",
        "docs/runbooks/down.md": "",
        "coverage.xml": "<coverage/>",
        "Makefile": "bootstrap: venv\n\tpip install .\n",
        "Dockerfile": "FROM python\nEXPOSE 8080/tcp\n",
    },
    "express": {"package.json": '{"dependencies": {"express": "^5"}}', "index.js": "app.get('/health', h)"},
    "gin-gonic/gin": {"go.mod": "require github.com/gin-gonic/gin v1.10.0", "main.go": "r.GET(`/livez`, h)"},
    "spring-boot": {
        "pom.xml": "<artifactId>spring-boot-starter-web</artifactId>",
        "src/main/java/A.java": '@GetMapping("/actuator/health")',
        "target/site/jacoco/jacoco.xml": "<report/>",
    },
}
EXPECTED = {
    "flask": {"url": "http://127.0.0.1:5000", "live": "/healthz", "ready": "/ready", "metrics": "/metrics"},
    "fastapi": {
        "url": "http://127.0.0.1:8080",
        "live": "/api/health/live",
        "ready": "/api/health/ready",
        "version": "/version",
        "coverage": "coverage.xml",
        "quickstart": "docs/quickstart.md",
        "runbooks": "docs/runbooks",
        "bootstrap": "make bootstrap",
    },
    "express": {"url": "http://127.0.0.1:3000", "live": "/health", "ready": ""},
    "gin-gonic/gin": {"url": "http://127.0.0.1:8080", "live": "/livez"},
    "spring-boot": {"live": "/actuator/health", "coverage": "target/site/jacoco/jacoco.xml"},
}


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def loaded(found: Discovery, url: str = "") -> Definition:
    definition = decode(parse(starter_toml(found, url or found.url).encode(), "f"), Definition, "f")
    check_definition(definition, "f")
    return definition


@pytest.mark.parametrize("framework", SAMPLES)
def test_a_known_framework_is_recognised_with_its_paths(framework: str, tmp_path: Path) -> None:
    found = discover(write(tmp_path, dict(SAMPLES[framework])))
    assert found.framework == framework
    assert {key: getattr(found, key) for key in EXPECTED[framework]} == EXPECTED[framework]
    assert found.notes[0].startswith(f"framework: {framework} (")
    definition = loaded(found)
    assert definition.target.url == found.url
    assert definition.target.live == (found.live or None)


def test_everything_that_was_found_stands_in_the_starter(tmp_path: Path) -> None:
    definition = loaded(discover(write(tmp_path, dict(SAMPLES["fastapi"]))))
    assert definition.bootstrap is not None
    assert definition.bootstrap.command == ("make", "bootstrap")
    assert definition.docs is not None
    assert definition.docs.runbooks == "docs/runbooks"
    assert definition.target.identity is not None
    assert definition.source is not None
    assert definition.source.coverage == "coverage.xml"


def test_an_empty_folder_gives_a_starter_that_loads_and_says_what_is_lacking(tmp_path: Path) -> None:
    found = discover(tmp_path)
    assert found.notes == ()
    text = starter_toml(found, found.url)
    assert '# live = "/health/live"   # the process is up; not found here' in text
    assert loaded(found).target.url == "http://127.0.0.1:8000"


def test_the_starter_loads_when_every_comment_is_made_a_line(tmp_path: Path) -> None:
    text = starter_toml(discover(tmp_path), "http://h")
    lines = [
        line.removeprefix("# ") if " = " in line or line.startswith("# [") else line
        for line in text.splitlines()
    ]
    check_definition(decode(parse("\n".join(lines).encode(), "f"), Definition, "f"), "f")


def test_a_go_module_without_a_known_framework_gets_the_usual_port(tmp_path: Path) -> None:
    found = discover(write(tmp_path, {"go.mod": "module example.org/app"}))
    assert (found.framework, found.url) == ("", "http://127.0.0.1:8080")


@pytest.mark.parametrize("port", ["0", "99999", "$PORT", "٣٠٠٠", "123456"])
def test_a_port_that_cannot_be_is_not_taken(port: str, tmp_path: Path) -> None:
    assert discover(write(tmp_path, {"Dockerfile": f"EXPOSE {port}"})).url == "http://127.0.0.1:8000"


def test_pipes_loops_and_folders_in_the_place_of_files_neither_hang_nor_crash(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "Makefile")
    os.mkfifo(tmp_path / "app.py")
    (tmp_path / "Dockerfile").symlink_to("Dockerfile")
    (tmp_path / "README.md").mkdir()
    (tmp_path / "docs").symlink_to(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "up").symlink_to(tmp_path)
    (tmp_path / "src" / "a.py").symlink_to("a.py")
    (tmp_path / "go.mod").symlink_to("/dev/zero")
    found = discover(tmp_path)
    assert (found.bootstrap, found.quickstart, found.framework) == ("", "", "")
    loaded(found)


def test_what_others_wrote_is_not_looked_at(tmp_path: Path) -> None:
    write(tmp_path, {f"{folder}/a.py": '"/health"' for folder in ("node_modules", ".venv", "venv", "tests")})
    assert discover(tmp_path).live == ""


def test_a_huge_tree_is_read_in_part(tmp_path: Path) -> None:
    for number in range(2100):
        (tmp_path / f"a{number:04}.py").touch()
    assert len(list(source_files(tmp_path))) == 2000


def test_a_tree_of_too_many_folders_is_read_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("battery.definitions.folder_text._MOST_FOLDERS", 2)
    write(tmp_path, {"a/a.py": "", "b/b.py": ""})
    assert [path.name for path in source_files(tmp_path)] == ["a.py"]


def test_a_file_is_read_to_its_cap_and_one_that_is_absent_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "big.py"
    path.write_bytes(b"x" * 600_000)
    assert len(text_of(path)) == 512 * 1024
    assert text_of(tmp_path / "absent") == ""
    assert not has_file(tmp_path / "absent")


hostile_names = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20
)
known_names = st.sampled_from(
    (
        "requirements.txt",
        "package.json",
        "pom.xml",
        "go.mod",
        "Makefile",
        "Dockerfile",
        "app.py",
        "main.go",
        "README.md",
    )
)
hostile_text = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        (
            b'"//evil/health"',
            b'"/../../health"',
            b'"/a/../live" "/x/ready\n"',
            b"EXPOSE 99999\nEXPOSE 0\nEXPOSE 70000",
            b"bootstrap:\n\trm -rf /\n",
            b"setup-$(x):\ninstall:\n",
            b'"]]\n[target]\nurl = "http://evil"\n',
            b"'/" + b"a" * 60 + b"/metrics'",
            b"flask fastapi express spring-boot",
        )
    ),
)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(known_names | hostile_names, hostile_text, max_size=6), st.data())
def test_the_starter_loads_whatever_stands_in_the_folder(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, Any], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    for name, content in files.items():
        if name in (".", "..") or len(name.encode()) > 255:
            continue
        (folder / name).write_bytes(content)
    definition = loaded(discover(folder))
    assert definition.target.url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    "url", ["http://😀.example", 'http://a"b', "http://a\\b", "http://bücher.example:1/x"]
)
def test_the_starter_loads_with_any_url_that_is_accepted(url: str, tmp_path: Path) -> None:
    assert loaded(discover(tmp_path), url).target.url == url
