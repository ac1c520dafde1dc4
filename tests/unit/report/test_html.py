import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.model.evidence import Evidence
from battery.model.run import Run
from battery.report.html import html_report

VOID = {"meta", "br"}
KNOWN = re.compile(
    "html|head|meta|title|style|body|div|header|main|footer|section|p|h1|h2|h3|dl|dt|dd|details|summary|span|"
    "strong|table|caption|thead|tbody|tr|th|td|code|pre|a|br|ul|li"
)


class Page(HTMLParser):
    """Checks that tags nest and collects what they carry."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert KNOWN.fullmatch(tag)
        assert len({name for name, _ in attrs}) == len(attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data if self.open[-1:] != ["style"] else ""


@pytest.fixture(scope="module")
def pages(runs: Mapping[str, Run]) -> dict[str, str]:
    return {name: html_report(run) for name, run in runs.items()}


def test_tags_nest_in_every_page(pages: Mapping[str, str]) -> None:
    for html in pages.values():
        assert Page(html).open == []


def test_a_page_fetches_and_runs_nothing(pages: Mapping[str, str]) -> None:
    for html in pages.values():
        assert "default-src 'none'; style-src 'unsafe-inline'" in html
        assert "url(" not in html
        assert "@import" not in html
        for tag, attributes in Page(html).tags:
            assert tag != "script"
            assert not {name for name in attributes if name.startswith("on") or name in ("src", "style")}


def test_links_lead_only_to_the_run_folder(pages: Mapping[str, str]) -> None:
    allowed = re.compile(r"#[a-z]+|evidence/[A-Za-z0-9_-][A-Za-z0-9._-]*\.json|blobs/[0-9a-f]{64}")
    for html in pages.values():
        for tag, attributes in Page(html).tags:
            if tag == "a":
                assert allowed.fullmatch(attributes["href"] or "")


def test_a_failing_page_shows_verdict_reasons_evidence_and_proofs(pages: Mapping[str, str]) -> None:
    html = pages["failing"]
    text = Page(html).text
    for part in (
        "FAILED: 3 gates failed",
        "level none",
        "shop-api",
        "http://127.0.0.1:8000 (staging)",
        "1240 ms (upper bound), n = 5000",
        "upper bound <= 800 ms",
        "Open the histogram",
        "One request in a hundred",
        "SQL built from a request parameter",
        "app/orders.py:0",
        "its canary was found",
        "battery verify artifacts/",
        "gates/g1-coverage.toml",
    ):
        assert part in text
    assert 'href="evidence/tail-latency.all.json"' in html
    assert f'href="blobs/{"ab" * 32}"' in html


def test_gates_that_did_not_pass_stand_open(pages: Mapping[str, str]) -> None:
    assert [("open" in a) for tag, a in Page(pages["failing"]).tags if tag == "details"][:8] == [
        True, True, False, True, True, False, True, False,
    ]  # fmt: skip


def test_loosened_rules_stand_in_a_warning(pages: Mapping[str, str]) -> None:
    assert '<p class="warning" role="note"><strong>⚠ 1 rule is looser than shipped' in pages["waived"]
    assert "warning" not in [a.get("class") for _, a in Page(pages["passing"]).tags]
    assert "None: every rule is as shipped." in pages["passing"]


def test_waivers_show_their_state(pages: Mapping[str, str]) -> None:
    assert "applied" in Page(pages["waived"]).text
    assert '<span class="badge fail">expired</span>' in pages["expired"]


def test_baseline_stands_in_title_bar_sections_and_gates(pages: Mapping[str, str]) -> None:
    for name in ("baseline", "failing baseline", "hostile baseline"):
        html = pages[name]
        assert "<title>BASELINE " in html
        assert 'class="baseline-bar"' in html
        for found in re.findall(r'<(?:h1|h2 id="\w+"|caption|h3|span class="name")>(.{9})', html):
            assert found == "BASELINE "
    assert "BASELINE" not in Page(pages["failing"]).text


def test_status_is_said_in_words_and_symbols(pages: Mapping[str, str]) -> None:
    assert '<span class="badge fail"><span aria-hidden="true">✗</span> fail</span>' in pages["failing"]
    assert (
        '<span class="badge undecided"><span aria-hidden="true">?</span> undecided</span>' in pages["failing"]
    )


def test_tables_and_landmarks_serve_a_screen_reader(pages: Mapping[str, str]) -> None:
    tags = Page(pages["failing"]).tags
    assert {"header", "main", "footer"} <= {tag for tag, _ in tags}
    assert all("scope" in attributes for tag, attributes in tags if tag == "th")
    labels = {attributes["aria-labelledby"] for tag, attributes in tags if tag == "section"}
    assert labels == {attributes.get("id") for tag, attributes in tags if tag == "h2"}


def test_an_empty_run_says_so(pages: Mapping[str, str]) -> None:
    text = Page(pages["empty"]).text
    for part in ("no gate was judged", "No check was planned.", "No certificate was written."):
        assert part in text


def test_problems_of_checks_stand_beside_the_rules(pages: Mapping[str, str]) -> None:
    assert "finish the run: battery certify --resume" in Page(pages["hostile"]).text


def test_a_gate_that_the_plan_lacks_is_shown_without_reasons(make_run: Callable[..., Run]) -> None:
    run = make_run()
    bare = msgspec.structs.replace(run, plan=msgspec.structs.replace(run.plan, gates=()))
    assert "Why: " not in Page(html_report(bare)).text


def test_long_lists_are_cut_and_say_where_the_rest_is(make_run: Callable[..., Run]) -> None:
    def flood(item: Evidence) -> Evidence:
        return msgspec.structs.replace(item, facts={f"fact-{number}": "x" for number in range(250)})

    assert "50 more stand in the evidence file." in Page(html_report(make_run(evidence=flood))).text


def test_a_long_command_is_not_clipped(make_run: Callable[..., Run]) -> None:
    command = f"battery verify {'x' * 5000}/certificate.json"
    assert command in html_report(msgspec.structs.replace(make_run(), verify_command=command))


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(max_size=80)
    | st.sampled_from(["<script>", '"><script src=x>', "</style><script>", "{{ 7 }}"])
)
def test_any_text_is_harmless(make_hostile: Callable[..., Run], text: str) -> None:
    html = html_report(make_hostile(text))
    html.encode()
    assert "<script" not in html.lower()
    assert Page(html).open == []
