"""XML from strangers is streamed and never expands, fetches or nests without end."""

import pytest

from battery.readiness.coverage.markup import Element, elements
from battery.readiness.coverage.report import CoverageUnreadable

LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in b"bcdefghi")
    + b"]><l>&i;</l>"
)


def test_elements_open_with_attributes_and_close_with_text() -> None:
    assert list(elements(b"<a x='1'>t<b/>u</a>")) == [
        Element(("a",), {"x": "1"}, None),
        Element(("a", "b"), {}, None),
        Element(("a", "b"), {}, ""),
        Element(("a",), {}, "tu"),
    ]


def test_a_document_longer_than_a_chunk_arrives_whole() -> None:
    assert sum(1 for _ in elements(b"<a>" + b"<b x='1'/>" * 20_000 + b"</a>")) == 40_002


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS,
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><a/>',
        b'<!DOCTYPE a [<!ATTLIST a hits CDATA "1">]><a/>',
    ],
)
def test_a_doctype_that_declares_anything_is_refused(data: bytes) -> None:
    with pytest.raises(CoverageUnreadable, match="DOCTYPE declares"):
        list(elements(data))


def test_a_bare_doctype_is_tolerated_and_its_dtd_never_fetched() -> None:
    data = (
        b'<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "http://127.0.0.1:1/report.dtd"><report/>'
    )
    assert [element.path for element in elements(data)] == [("report",), ("report",)]


def test_depth_has_an_end() -> None:
    with pytest.raises(CoverageUnreadable, match="deeper"):
        list(elements(b"<a>" * 100_000))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>",
        b"<a></b>",
        b"<a/><a/>",
        "<a x='é'/>".encode("latin-1"),
        b"<a>&u;</a>",
    ],
)
def test_what_is_not_well_formed_utf8_is_refused(data: bytes) -> None:
    with pytest.raises(CoverageUnreadable, match="well-formed"):
        list(elements(data))


def test_a_declared_encoding_calls_no_codec() -> None:
    assert list(elements(b"<?xml version='1.0' encoding='base64'?><a/>"))
