"""Rule files from disk."""

from pathlib import Path

from battery.readiness.observability.rules.loading import load_rules

GOOD = "groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]"


def test_files_that_prometheus_would_not_load_are_flaws_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "good.yml").write_text(GOOD)
    (tmp_path / "bad.yml").write_text("groups: [{name: g, rules: [{alert: A, expr: 'up =='}]}]")
    loaded = load_rules([tmp_path / name for name in ("good.yml", "bad.yml", "gone.yml")], path="")
    assert [file.file for file in loaded.files] == ["good.yml"]
    assert [(flaw.rule, flaw.where) for flaw in loaded.flaws] == [
        ("rules.unreadable", "bad.yml"),
        ("rules.unreadable", "gone.yml"),
    ]
    assert loaded.opinions == {"good.yml": "promtool is not installed"}


def test_what_promtool_refuses_is_a_flaw(tmp_path: Path) -> None:
    tool = tmp_path / "promtool"
    tool.write_text("#!/bin/sh\necho no thanks\nexit 1\n")
    tool.chmod(0o755)
    (tmp_path / "good.yml").write_text(GOOD)
    loaded = load_rules([tmp_path / "good.yml"], path=str(tmp_path))
    assert [flaw.text for flaw in loaded.flaws] == ["promtool refuses it: no thanks"]
