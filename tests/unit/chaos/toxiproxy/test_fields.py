import struct
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.chaos.toxiproxy.server.api.document import read
from battery.chaos.toxiproxy.server.api.fields import SHARE, TEXT, TRUTH, fields, integer, shortest
from battery.chaos.toxiproxy.server.api.refusal import Refusal

READERS = {"name": TEXT, "on": TRUTH, "size": integer("int64"), "share": SHARE}


def said(body: str) -> dict[str, object]:
    return fields(read(body.encode()), READERS, "Whole", "Home")


def digits(number: float) -> int:
    """How many digits it takes, beside its size: 1e15 takes one, however it is printed."""
    return len(Decimal(repr(number)).normalize().as_tuple().digits)


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(single=st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_the_shortest_decimal_is_the_same_number_in_single_precision(single: float) -> None:
    short = shortest(single)
    assert struct.pack("f", short) == struct.pack("f", single)
    assert digits(short) <= digits(single)


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(number=st.integers())
def test_an_integer_has_64_bits_or_is_refused_as_it_was_written(number: int) -> None:
    if -(2**63) <= number < 2**63:
        assert said(f'{{"size":{number}}}') == {"size": number}
    else:
        with pytest.raises(
            Refusal, match=f"unmarshal number {number} into Go struct field Home.size of type int64"
        ):
            said(f'{{"size":{number}}}')


@pytest.mark.parametrize("number", ["1.0", "1e3", "-0.5", "9" * 5000])
def test_a_number_that_is_no_plain_integer_is_refused(number: str) -> None:
    with pytest.raises(Refusal, match="cannot unmarshal number"):
        said(f'{{"size":{number}}}')


@pytest.mark.parametrize(
    ("value", "kind"),
    [('"x"', "string"), ("1", "number"), ("true", "bool"), ("{}", "object"), ("[]", "array")],
)
def test_a_value_of_another_kind_is_called_by_its_kind(value: str, kind: str) -> None:
    name = "on" if kind == "string" else "name"
    with pytest.raises(Refusal, match=f"cannot unmarshal {kind} into Go struct field Home.{name} "):
        said(f'{{"{name}":{value}}}')
    if kind != "object":
        with pytest.raises(Refusal, match=f"cannot unmarshal {kind} into Go value of type Whole"):
            said(value)


def test_null_says_nothing_and_the_last_one_counts() -> None:
    assert said('{"NAME":"a","name":"b","name":null,"On":null}') == {"name": "b"}
    assert said("null") == {}


def test_half_a_character_becomes_the_replacement_character() -> None:
    assert said('{"name":"a\\ud800b"}') == {"name": "a\ufffdb"}


@pytest.mark.parametrize("share", ["1e39", "1e400", "-1e400"])
def test_a_share_beyond_single_precision_is_refused(share: str) -> None:
    with pytest.raises(Refusal, match=f"number {share} into Go struct field Home.share of type float32"):
        said(f'{{"share":{share}}}')
