"""No secret of the generated corpus reaches anything that a scan writes: not the run folder, not a report, not the screen."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest

from battery.scan.assess.case import Sizes
from battery.scan.assess.source.files import FileCase, written
from battery.scan.assess.source.logs import log_cases
from battery.scan.assess.source.secrets import secret_cases
from battery.scan.source.secrets.search import Search
from tests.fakes.commands import Said, run
from tests.fakes.osv_folder import osv_folder

SIZES = Sizes(source=6)
# Addresses are shown, and of a private key the heading is what is found: its body is looked for below.
_SHOWN = ("Public IP (ipv4)", "Private Key")
_KEY_LINE = 40


def planted(cases: Iterable[FileCase]) -> set[str]:
    """The secrets in the cases that have one, as the search itself knows them, and the bodies of private keys."""
    search, found = Search(), set[str]()
    for case in cases:
        if case.defect:
            for secret in search.secrets(case.place, case.text):
                if secret.kind not in _SHOWN and not case.rule.endswith("placeholder"):
                    found |= {secret.value, secret.whole}
            if "private-key" in case.rule:
                found |= {
                    line for line in case.text.split("\n") if len(line) >= _KEY_LINE and "-----" not in line
                }
    return found


@pytest.fixture(scope="module")
def secrets_and_said(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], Path, Said]:
    """The corpus as a git tree and its log, scanned with its history, and with every report written."""
    here = tmp_path_factory.mktemp("corpus")
    tree, logs = here / "app", tuple(log_cases(Random(2), SIZES))
    cases = tuple(secret_cases(Random(1), SIZES))
    written(cases, tree)
    osv_folder(here / "osv")
    (here / "app.log").write_text("\n".join(case.text for case in logs))
    (here / "battery.toml").write_text(
        '[source]\npath = "app"\n[security]\nlogs = ["app.log"]\nhistory = true\nvulnerabilities = "osv"\n'
    )
    git = ("git", "-c", "user.name=corpus", "-c", "user.email=corpus@example.invalid", "-C", str(tree))
    for words in (("init", "-q"), ("add", "-Af"), ("commit", "-qm", "corpus")):
        subprocess.run([*git, *words], check=True)
    return planted(cases), here, run("scan", "--json", cwd=here)


def test_the_corpus_holds_secrets_of_every_kind_and_they_are_found(
    secrets_and_said: tuple[set[str], Path, Said],
) -> None:
    secrets, _, said = secrets_and_said
    assert len(secrets) > 100
    assert said.code == 1
    rules = {item["finding"]["rule"] for each in said.json["scans"] for item in each["findings"]}
    assert len([rule for rule in rules if rule.startswith("secrets.")]) >= 20
    assert "logs.secret" in rules


def test_nothing_that_the_scan_writes_holds_one(secrets_and_said: tuple[set[str], Path, Said]) -> None:
    secrets, here, said = secrets_and_said
    texts = {path: path.read_bytes() for path in (here / "artifacts").rglob("*") if path.is_file()}
    texts |= {Path("the screen"): (said.out + said.err).encode()}
    assert len(texts) > 10
    shown = [
        (str(path), secret[:4])
        for path, text in texts.items()
        for secret in secrets
        if secret.encode() in text
    ]
    assert shown == []
