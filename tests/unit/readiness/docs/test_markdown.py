"""Markdown: headings, links, anchors and blocks are found where a reader sees them, and nowhere else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.readiness.docs.anchors import anchors_of, heading_anchors
from battery.readiness.docs.markdown import Heading, read_markdown

TREE = Path(__file__).parents[3] / "assets" / "docs_tree"


def slugs(*titles: str) -> tuple[str, ...]:
    return heading_anchors(Heading(level=2, text=title, line=1) for title in titles)


def test_headings_of_both_kinds_are_found_with_their_lines() -> None:
    document = read_markdown("Top\n===\n\ntext\nSub\n---\n### Third ###\n#no\n- item\n---\n")
    assert [(one.level, one.text, one.line) for one in document.headings] == [
        (1, "Top", 1),
        (2, "Sub", 5),
        (3, "Third", 7),
    ]


def test_nothing_inside_of_code_or_comments_counts() -> None:
    text = "```sh\n# no heading\n[no](link.md)\n```\n~~~\n```\n[no](a.md)\n~~~\n`[no](b.md)` ``[no](`c.md)``\n<!-- [no](d.md)\n# no\n-->\n[yes](e.md)\n"
    document = read_markdown(text)
    assert document.headings == ()
    assert [(link.target, link.line) for link in document.links] == [("e.md", 13)]
    assert [(block.language, block.line) for block in document.blocks] == [("sh", 1), ("", 5)]


def test_links_of_every_kind_are_found() -> None:
    text = """[a](a.md) ![b](b.svg "title") [c](<c d.md>) [e](e_(f).md) [![g](g.svg)](h.md)
<a href="i.md">i</a> <img src='j.png'>

[k]: k.md "title"
[^1]: a footnote.md
"""
    targets = [link.target for link in read_markdown(text).links]
    assert sorted(targets) == [
        "a.md",
        "b.svg",
        "c d.md",
        "e_(f).md",
        "g.svg",
        "h.md",
        "i.md",
        "j.png",
        "k.md",
    ]


def test_a_block_that_is_never_closed_lasts_to_the_end_and_says_so() -> None:
    (block,) = read_markdown("```bash\necho\n").blocks
    assert (block.language, block.closed) == ("bash", False)


def test_a_block_inside_of_a_list_loses_its_indent_and_keeps_its_tabs() -> None:
    (block,) = read_markdown("1. do:\n   ```{.sh}\n   make\n   \tx\n   ```\n").blocks
    assert (block.language, block.text) == ("sh", "make\n\tx\n")


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("Getting Started", "getting-started"),
        ("What's new in 2.0?", "whats-new-in-20"),
        ("`battery certify` & friends", "battery-certify--friends"),
        ("A *bold* **claim**, _really_", "a-bold-claim-really"),
        ("snake_case_stays", "snake_case_stays"),
        ("[Linked](x.md) title", "linked-title"),
        ("Größe – naïve", "größe--naïve"),
        ("<b>HTML</b>", "html"),
        ("C++ / C#", "c--c"),
        ("", ""),
    ],
)
def test_anchors_follow_githubs_rules(title: str, anchor: str) -> None:
    assert slugs(title) == (anchor,)


def test_equal_headings_are_numbered_and_never_clash() -> None:
    assert slugs("Usage", "Usage", "Usage-1", "usage") == ("usage", "usage-1", "usage-1-1", "usage-2")


def test_anchors_of_headings_and_of_html_are_both_there() -> None:
    document = read_markdown((TREE / "docs" / "quickstart.md").read_text(encoding="utf-8"))
    assert anchors_of(document) == {"quickstart", "start-it", "start-it-1", "the-end"}


@given(st.lists(st.text(alphabet="aB 1-_*`#é", max_size=6), max_size=8))
def test_no_two_headings_share_an_anchor(titles: list[str]) -> None:
    anchors = slugs(*titles)
    assert len(set(anchors)) == len(titles)


@given(st.text(alphabet="# `~[]()<>!-=\nab.", max_size=80))
def test_any_text_is_a_document(text: str) -> None:
    document = read_markdown(text)
    lines = text.count("\n") + 1
    assert all(1 <= heading.line <= lines for heading in document.headings)
    assert all(1 <= block.line <= lines for block in document.blocks)
