"""The scope: named hosts and ports only, below the named path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.errors import UsageError
from battery.scan.target.scope import Origin, origin_of, scope_of

HOME = scope_of("http://shop.example:8000/app/")


@pytest.mark.parametrize(
    ("url", "authority", "url_again"),
    [
        ("http://shop.example", "shop.example", "http://shop.example"),
        ("http://shop.example:80/x", "shop.example", "http://shop.example"),
        ("https://shop.example:8443", "shop.example:8443", "https://shop.example:8443"),
        ("http://[::1]:8000", "[::1]:8000", "http://[::1]:8000"),
        ("http://bücher.example", "xn--bcher-kva.example", "http://xn--bcher-kva.example"),
    ],
)
def test_an_origin_is_spelt_as_requests_spell_it(url: str, authority: str, url_again: str) -> None:
    origin = origin_of(url)
    assert (origin.authority, origin.url) == (authority, url_again)


@pytest.mark.parametrize(
    "url",
    [
        "shop.example",
        "ftp://shop.example",
        "http://",
        "http://a b",
        "http://a:0",
        "http://a:99999",
        "http://[x",
    ],
)
def test_what_is_no_url_of_a_target_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        scope_of(url)


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        scope_of("http://user:hunter2@shop.example")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("other", ["https://elsewhere.example", "http://shop.example:81"])
def test_the_other_url_is_the_same_host_under_the_other_scheme(other: str) -> None:
    with pytest.raises(UsageError, match="expected the host of"):
        scope_of("http://shop.example", other)
    both = scope_of("http://shop.example", "https://shop.example")
    assert both.speaking("https") == origin_of("https://shop.example")
    assert both.target.scheme == "http"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/other",
        "/application",
        "/app/../secret",
        "/app/%2e%2e/secret",
        "/app/%252e%252e/x",
        "/app/..\\x",
        "app",
    ],
)
def test_a_path_outside_is_refused_however_it_is_spelt(path: str) -> None:
    assert HOME.problem(HOME.target, path)


@pytest.mark.parametrize("path", ["/app", "/app/", "/app/x?y=../z", "/app/.env", "/app/..."])
def test_a_path_below_is_in_scope(path: str) -> None:
    assert HOME.problem(HOME.target, path) == ""


@pytest.mark.parametrize(
    ("location", "inside", "leads"),
    [
        ("next", True, "http://shop.example:8000/app/next"),
        ("/app/x?y#z", True, "http://shop.example:8000/app/x?y#z"),
        ("/", False, "http://shop.example:8000/"),
        ("//elsewhere.example/app/", False, "http://elsewhere.example/app/"),
        ("https://shop.example:8000/app/", False, "https://shop.example:8000/app/"),
        ("http://shop.example/app/", False, "http://shop.example/app/"),
        ("javascript:alert(1)", False, "javascript:alert(1)"),
        ("http://[bad", False, "http://[bad"),
    ],
)
def test_a_redirect_is_followed_inside_only(location: str, inside: bool, leads: str) -> None:
    origin, url = HOME.follow("http://shop.example:8000/app/", location)
    assert (origin is not None, url) == (inside, leads)


@given(st.text(max_size=40))
def test_no_location_ever_leads_outside(location: str) -> None:
    origin, _ = HOME.follow("http://shop.example:8000/app/", location)
    assert origin in (None, HOME.target)


@given(st.lists(st.sampled_from(["..", ".", "%2e%2e", "%2E.", "a", "", "\\..", "%5c.."]), max_size=6))
def test_no_spelling_of_dots_climbs_out(parts: list[str]) -> None:
    path = "/app/" + "/".join(parts)
    if HOME.problem(HOME.target, path) == "":
        assert not {"..", "%2e%2e", "%2E.", "\\..", "%5c.."} & set(parts)


@pytest.mark.parametrize(
    ("host", "address", "loopback"),
    [("localhost", False, True), ("127.0.0.9", True, True), ("::1", True, True), ("10.0.0.1", True, False)],
)
def test_this_machine_is_known_by_its_names(host: str, address: bool, loopback: bool) -> None:
    origin = Origin(scheme="http", host=host, port=80)
    assert (origin.is_address, origin.is_loopback) == (address, loopback)
