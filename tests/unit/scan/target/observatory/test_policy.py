"""Policies: read as browsers combine them, refused with InvalidPolicy and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.target.observatory.policy import InvalidPolicy, read_meta_policy, read_policy


def directives(*policies: str) -> dict[str, set[str]]:
    """The directives of policies together."""
    return read_policy(policies).directives


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ((), {}),
        (("default-src 'none'",), {"default-src": {"'none'"}}),
        (("DEFAULT-SRC\t'Self' ; ;",), {"default-src": {"'self'"}}),
        (
            ("img-src;upgrade-insecure-requests",),
            {"img-src": {"'none'"}, "upgrade-insecure-requests": {"'none'"}},
        ),
        (("img-src https://a.example https://a.example/x",), {"img-src": {"https://a.example"}}),
        (
            ("img-src 'self' https://a.example", "img-src https://a.example"),
            {"img-src": {"https://a.example"}},
        ),
        (("img-src 'self'", "img-src https://a.example"), {"img-src": {"'none'"}}),
        (
            ("img-src https://a.example/x/", "img-src https://a.example/x/y"),
            {"img-src": {"https://a.example/x/y"}},
        ),
        (
            ("img-src https://a.example/%61", "img-src https://a.example/a"),
            {"img-src": {"https://a.example/a"}},
        ),
    ],
)
def test_policies_are_narrowed_down_to_what_all_allow(
    policies: tuple[str, ...], expected: dict[str, set[str]]
) -> None:
    assert directives(*policies) == expected


@pytest.mark.parametrize(
    "policies",
    [
        ("",),
        ("short",),
        ("img-src a; img-src b",),
        ("img-src https://a.example/%zz", "img-src https://a.example/%zz"),
        ("img-src https://a.example/%ff", "img-src https://a.example/%ff"),
    ],
)
def test_what_cannot_be_read_is_invalid(policies: tuple[str, ...]) -> None:
    with pytest.raises(InvalidPolicy):
        read_policy(policies)


def test_reports_may_repeat_and_meta_elements_may_not_hold_everything() -> None:
    assert read_policy(("report-uri /a; report-uri /b",)).repeated
    assert read_meta_policy(("frame-ancestors 'none'; img-src a",)).directives == {"img-src": {"a"}}


@given(st.lists(st.text("abc-sr; '\"/%*:.é\n\t0", max_size=40), max_size=3))
def test_no_policy_breaks_it(policies: list[str]) -> None:
    try:
        read = read_policy(policies)
    except InvalidPolicy:
        return
    assert all(read.directives.values())
