"""Exposed files: the proof is in the content, and a control explains the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.target.exposed import alike
from battery.scan.target.exposed_files import EXPOSURES, Exposure


def exposure(path: str) -> Exposure:
    """The exposure of a path."""
    return next(entry for entry in EXPOSURES if entry.path == path)


@pytest.mark.parametrize(
    ("path", "text", "proven"),
    [
        ("/.env", "# comment\nSECRET_KEY=abc", True),
        ("/.env", "welcome=home", False),
        ("/.git/HEAD", "ref: refs/heads/main\n", True),
        ("/.git/HEAD", "a" * 40, True),
        ("/.git/HEAD", "see ref: refs/heads", False),
        ("/.git/config", "[core]\n\tbare = false", True),
        ("/backup.zip", "PK\x03\x04rest", True),
        ("/backup.zip", "no PK\x03\x04", False),
        ("/.htpasswd", "admin:$apr1$abc", True),
        ("/.aws/credentials", "[default]\naws_access_key_id=A\naws_secret_access_key=B", True),
        ("/actuator/heapdump", "JAVA PROFILE 1.0.2", True),
    ],
)
def test_only_the_thing_itself_is_proof(path: str, text: str, proven: bool) -> None:
    assert exposure(path).proven(text, is_html=False) is proven
    assert not exposure(path).proven(text, is_html=True), "a page is no file"


def test_every_path_stands_there_once() -> None:
    paths = [entry.path for entry in EXPOSURES]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("", "", True),
        ("<title>Shop</title>" * 50, "<title>Shop</title>" * 49 + "<title>Shoq</title>", True),
        ("<title>Shop</title>", '{"propertySources": []}', False),
    ],
)
def test_two_texts_are_alike_but_for_a_few_words(first: str, second: str, same: bool) -> None:
    assert alike(first, second) is same


@given(st.text(max_size=100))
def test_a_text_is_like_itself(text: str) -> None:
    assert alike(text, text)
