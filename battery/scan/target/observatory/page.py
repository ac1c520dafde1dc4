"""The page: what HTML says of policies, and which scripts it loads."""

from html.parser import HTMLParser

from battery.model.frozen import Frozen

# Inside these, a tag is only text.
_TEXT_ONLY = frozenset(
    ("script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "template")
)
_MOST_TAGS = 20_000


class Script(Frozen, frozen=True, kw_only=True):
    """One script element; an inline one has no source."""

    source: str = ""
    integrity: str = ""


class Page(Frozen, frozen=True, kw_only=True):
    """What matters in an HTML document; empty for everything else."""

    policies: tuple[str, ...] = ()
    referrer: tuple[str, ...] = ()
    scripts: tuple[Script, ...] = ()
    base: str = ""


class _Reader(HTMLParser):
    """Collects meta and script elements, the first thousands of tags only."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.policies: list[str] = []
        self.referrer: tuple[str, ...] = ()
        self.scripts: list[Script] = []
        self.base = ""
        self._within = ""
        self._tags = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element."""
        self._tags += 1
        if self._within or self._tags > _MOST_TAGS:
            return
        if tag in _TEXT_ONLY:
            self._within = tag
        values = {name: value or "" for name, value in reversed(attrs)}
        if tag == "meta":
            self._meta(values)
        elif tag == "script":
            self.scripts.append(Script(source=values.get("src", ""), integrity=values.get("integrity", "")))
        elif tag == "base" and not self.base:
            self.base = values.get("href", "")

    def handle_endtag(self, tag: str) -> None:
        """Leave a text-only element."""
        if tag == self._within:
            self._within = ""

    def _meta(self, values: dict[str, str]) -> None:
        content = values.get("content", "")
        if "http-equiv" in values and "content" in values:
            if content and values["http-equiv"].lower().strip() == "content-security-policy":
                self.policies.append(content)
        elif values.get("name", "").lower().strip() == "referrer" and content:
            self.referrer = (content,)


def page_of(html: str) -> Page:
    """Read a document; broken HTML is read as far as it makes sense."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except (AssertionError, ValueError):
        # html.parser gives up on some markup that browsers forgive; what was read until there counts.
        pass
    return Page(
        policies=tuple(reader.policies),
        referrer=reader.referrer,
        scripts=tuple(reader.scripts),
        base=reader.base,
    )
