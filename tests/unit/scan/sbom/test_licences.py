"""Declared licences: an expression alone, classifiers before text, no licence texts."""

import pytest

from battery.scan.sbom.licences import declared


@pytest.mark.parametrize(
    ("expression", "names", "classifiers", "expected"),
    [
        (" MIT AND ISC ", ["x"], ["License :: OSI Approved :: MIT License"], ("MIT AND ISC",)),
        ("", ["x"], ["License :: OSI Approved :: MIT License", "Topic :: X"], ("MIT",)),
        ("", [], ["License :: OSI Approved :: BSD License"], ("License :: OSI Approved :: BSD License",)),
        ("", ["BSD-3-Clause", "BSD-3-Clause"], [], ("BSD-3-Clause",)),
        ("", ["a\nwhole text", "UNKNOWN", "", "x" * 200], [], ()),
    ],
)
def test_licences_are_names(
    expression: str, names: list[str], classifiers: list[str], expected: tuple[str, ...]
) -> None:
    assert declared(expression, names, classifiers) == expected
