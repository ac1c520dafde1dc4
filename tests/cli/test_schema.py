"""`battery schema`: the JSON Schema and nothing else on stdout."""

import json

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # ships no types

from battery.cli import main


def test_it_prints_a_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    schema = json.loads(told.out)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert Draft202012Validator(schema).is_valid({"target": {"url": "http://h"}})
    assert not Draft202012Validator(schema).is_valid({"targt": {}})
