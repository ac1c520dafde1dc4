"""The prefilter: one pass over a whole text that proves of most lines that no plugin of detect-secrets can match them.

Each plugin has a core: a piece of text that every one of its matches contains, and that never crosses a line. A line
without any core is not looked at again. Where a core is judged on the lowered text, texts with the four letters whose
case folding is not one to one are not filtered at all.
"""

import re
from collections.abc import Iterable, Iterator, Set

# Long s, Kelvin sign, dotless i, dotted I: IGNORECASE equates them with ASCII letters, lower() does not or changes lengths.
_ODD = re.compile("[\u017f\u212a\u0131\u0130]")

# Literals: looked for as they stand.
_LITERALS = (
    "AccountKey=",
    *("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    *(
        "glpat-",
        "gldt-",
        "glft-",
        "glsoat-",
        "glrt-",
        "GR1348941",
        "glcbt-",
        "glimt-",
        "glptt-",
        "glagent-",
        "gloas-",
    ),
    "eyJ",
    ":_authToken=",
    "T3BlbkFJ",
    *("PRIVATE " + "KEY", "PuTTY-User-Key-File" + "-2"),  # in two parts, or this file would be a finding
    "pypi-AgE",
    "sq0csp-",
    "k_live_",
)
# Literals of plugins that ignore case: looked for in the lowered text.
_LOWERED_LITERALS = ("xox", "hooks.slack.com/services/", "softlayer.com/soap/")

_CORES = tuple(
    re.compile(pattern)
    for pattern in (
        r"AKC[a-zA-Z0-9]{10}|AP[\dABCDEF][a-zA-Z0-9]{8}",  # Artifactory
        r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}",  # AWS key id
        r"://[^:/?#\[\]@!$&'()*+,;=\s]+:[^:/?#\[\]@!$&'()*+,;=\s]+@",  # basic authentication, and Cloudant's URLs
        r"\.[a-zA-Z\d_-]{6}\.[a-zA-Z\d_-]{27}",  # Discord
        r"-us[0-9]",  # Mailchimp
        r"SG\.[a-zA-Z0-9_-]{22}\.",  # SendGrid
        r"\d:[0-9A-Za-z_-]{35}",  # Telegram
        r"(?:AC|SK)[a-z0-9]{32}",  # Twilio
    )
)
_ADDRESS = re.compile(r"\d\.\d{1,3}\.\d{1,3}\.\d")  # public address
_LOWERED_CORES = tuple(
    re.compile(pattern)
    for pattern in (
        r"['\"][0-9a-z/+]{40}['\"]",  # AWS secret key
        # A name that ends in key, password or token, an assignment, a long value: Cloudant, IBM, SoftLayer.
        r"(?:key|pwd?|pass(?:word)?|token)[\"']?\]?[ =:>]+[\"']?[a-z0-9_\-]{24}",
    )
)
# A quoted run, its closing quote left for the next one to open with: every run between two quotes is seen.
_QUOTED = re.compile(r"(['\"])((?:[0-9a-fA-F]{9,}|[a-zA-Z0-9+/\\\-_=]{23,}))(?=\1)")
_HEX = frozenset("0123456789abcdefABCDEF")
_FEWEST_HEX, _FEWEST_BASE64 = (
    9,
    23,
)  # distinct characters without which the entropy stays at or below 3.0 and 4.5

KEYWORD = re.compile(
    r"(?:api|auth|service|account|db|database|priv|private|client)_?key|(?:db|database|key)_?pass"
    r"|passw(?:or)?d|pwd|secret|contrase[ñn]a"
)
_KEYWORD_ENDS = ("key", "pass", "pwd", "secret", "contrase")
_QUOTES = ("'", '"', "`")


# Kinds of detect-secrets that find something on nearly every line of some texts, such as logs.
ADDRESS, KEYWORDS = "Public IP (ipv4)", "Secret Keyword"
ENTROPY = frozenset({"Base64 High Entropy String", "Hex High Entropy String"})


def is_foldable(text: str) -> bool:
    """Whether what IGNORECASE finds in the text can be looked for in lower case in the lowered text."""
    return not _ODD.search(text)


def candidate_offsets(
    text: str, quoted_keywords: bool, without: Set[str] = frozenset()
) -> Iterator[int] | None:
    """Offsets on every line that a plugin may match; None where the text cannot be judged as a whole.

    `quoted_keywords` says that a keyword counts only on a line with a quote, as it does in most kinds of file; `without`
    names kinds that do not count.
    """
    return _offsets(text, text.lower(), quoted_keywords, without) if is_foldable(text) else None


def _offsets(text: str, lowered: str, quoted_keywords: bool, without: Set[str]) -> Iterator[int]:
    yield from _literals(text, _LITERALS)
    yield from _literals(lowered, _LOWERED_LITERALS)
    for core in _CORES:
        yield from (match.start() for match in core.finditer(text))
    for core in _LOWERED_CORES:
        yield from (match.start() for match in core.finditer(lowered))
    if ADDRESS not in without:
        yield from (match.start() for match in _ADDRESS.finditer(text))
    if not without >= ENTROPY:
        yield from (match.start() for match in _QUOTED.finditer(text) if _is_varied(match[2]))
    if KEYWORDS not in without:
        yield from _keywords(lowered, quoted_keywords)


def _literals(text: str, literals: Iterable[str]) -> Iterator[int]:
    for literal in literals:
        at = text.find(literal)
        while at >= 0:
            yield at
            at = text.find(literal, at + 1)


def _is_varied(run: str) -> bool:
    distinct = set(run)
    return len(distinct) >= _FEWEST_BASE64 or (len(distinct) >= _FEWEST_HEX and distinct <= _HEX)


def _keywords(lowered: str, quoted: bool) -> Iterator[int]:
    if not any(end in lowered for end in _KEYWORD_ENDS):
        return
    for match in KEYWORD.finditer(lowered):
        if not quoted:
            yield match.start()
            continue
        begin = lowered.rfind("\n", 0, match.start()) + 1
        end = lowered.find("\n", match.start())
        line = lowered[begin : end if end >= 0 else len(lowered)]
        if any(quote in line for quote in _QUOTES):
            yield match.start()
