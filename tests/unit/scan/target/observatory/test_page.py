"""Pages: policies, referrers and scripts, and nothing that is only text."""

from hypothesis import given
from hypothesis import strategies as st

from battery.scan.target.observatory.page import Script, page_of


def test_what_matters_is_read() -> None:
    page = page_of(
        '<base href="https://cdn.example/"><base href="no">'
        "<META HTTP-EQUIV=' Content-Security-Policy ' CONTENT=\"default-src 'none'\">"
        '<meta name="referrer" content="no-referrer"><meta name="referrer" content="origin"><meta name="referrer">'
        '<script src="/a.js" integrity="x"></script><script>var a = "<script src=b>";</script>'
    )
    assert page.policies == ("default-src 'none'",)
    assert page.referrer == ("origin",)
    assert page.scripts == (Script(source="/a.js", integrity="x"), Script())
    assert page.base == "https://cdn.example/"


def test_tags_inside_text_and_comments_are_none() -> None:
    page = page_of(
        "<!-- <script src=a></script> --><title><script src=b></script></title>"
        "<textarea><meta name=referrer content=origin></textarea><style><script src=c></style><template>"
        "<script src=d></script></template>"
    )
    assert (page.scripts, page.referrer) == ((), ())


def test_a_flood_of_tags_is_read_to_a_limit() -> None:
    assert len(page_of("<script></script>" * 30_000).scripts) == 20_000


@given(st.text("<>/!-='\" abscriptmet&#x0;[]", max_size=120))
def test_no_markup_breaks_it(html: str) -> None:
    page_of(html)
