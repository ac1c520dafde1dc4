"""Package URLs and URLs without credentials."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packageurl import PackageURL

from battery.scan.sbom.purl import index_of, normal, purl, without_credentials
from battery.scan.sbom.unreadable import SourceUnreadable, shown


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://user:secret@host/x", "https://host/x"),
        ("https://token@host:8443/x?y#z", "https://host:8443/x?y#z"),
        ("git+ssh://git@host/x.git", "git+ssh://git@host/x.git"),
        ("ssh://git:secret@host/x.git", "ssh://host/x.git"),
        ("https://host/x@1", "https://host/x@1"),
        ("https://[broken", ""),
    ],
)
def test_credentials_never_stay(url: str, plain: str) -> None:
    assert without_credentials(url) == plain


def test_the_public_index_is_not_named() -> None:
    assert index_of("https://pypi.org/simple/") == ""
    assert index_of("https://u:p@index.example/simple") == "https://index.example/simple"


@settings(deadline=None)
@given(
    st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,10}[A-Za-z0-9])?", fullmatch=True),
    st.from_regex(r"[0-9a-z.+!]{1,8}", fullmatch=True),
)
def test_a_package_url_says_what_it_was_made_from(name: str, version: str) -> None:
    found = PackageURL.from_string(purl("PyPI", name, version))
    assert (found.type, found.name, found.version) == ("pypi", normal(name), version)


def test_a_scope_of_npm_is_the_namespace() -> None:
    assert purl("npm", "@a/b", "1.0.0") == "pkg:npm/%40a/b@1.0.0"


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(SourceUnreadable, match="is not a package name"):
        purl("PyPI", "", "1")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_shown_text_is_one_line_of_ascii(text: str) -> None:
    assert shown(text).isprintable()
    assert shown(text).isascii()
