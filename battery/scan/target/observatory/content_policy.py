"""Test 1: Content-Security-Policy."""

from battery.model.frozen import Frozen
from battery.scan.target.observatory.observation import Observation
from battery.scan.target.observatory.policy import InvalidPolicy, Policy, read_meta_policy, read_policy

_BROAD = frozenset(("ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"))
_BROAD_OR_INLINE = _BROAD | {"'unsafe-inline'", "data:"}
_PASSIVE = ("img-src", "media-src")
_VOUCHED = ("'sha256-", "'sha384-", "'sha512-", "'nonce-")
_HEADER = "content-security-policy"


class Judged(Frozen, frozen=True, kw_only=True):
    """The result, and whether the policy says who may frame the page."""

    result: str
    frames: bool = False


def judge_policy(seen: Observation) -> Judged:
    """Judge the policies of header and meta elements together."""
    header = seen.answer.header(_HEADER)
    headers = () if header is None else (header,)
    meta = seen.page.policies
    try:
        policy = read_policy([*headers, *meta])
    except InvalidPolicy:
        return Judged(result="csp-header-invalid")
    if not _enforced(headers, meta):
        reporting = seen.answer.header(_HEADER + "-report-only")
        return Judged(
            result="csp-not-implemented-but-reporting-enabled" if reporting else "csp-not-implemented"
        )
    result = _weakness(policy, https=seen.https)
    if policy.repeated and result in _PASSING:
        result = "csp-implemented-but-duplicate-directives"
    return Judged(result=result, frames="frame-ancestors" in policy.directives)


_PASSING = (
    "csp-implemented-with-no-unsafe",
    "csp-implemented-with-no-unsafe-default-src-none",
    "csp-implemented-with-unsafe-inline-in-style-src-only",
    "csp-implemented-with-insecure-scheme-in-passive-content-only",
)


def _enforced(headers: tuple[str, ...], meta: tuple[str, ...]) -> bool:
    """Whether anything is left that a browser enforces."""
    found = 0
    for read, policies in ((read_policy, headers), (read_meta_policy, meta)):
        try:
            found += len(read(policies).directives)
        except InvalidPolicy:
            continue
    return found > 0


def _weakness(policy: Policy, *, https: bool) -> str:
    """The first weakness in the order in which the Observatory looks for them."""
    given = {name: set(sources) for name, sources in policy.directives.items()}
    # A directive that falls back to default-src is default-src: what is struck out of one is struck out of both.
    scripts, styles, objects = (_fallback(given, name) for name in ("script-src", "style-src", "object-src"))
    for sources in (scripts, styles):
        if _vouched(sources):
            sources.discard("'unsafe-inline'")
    if "'strict-dynamic'" in scripts:
        if not _vouched(scripts):
            return "csp-header-invalid"
        scripts -= {source for source in scripts if _ignored_by_strict_dynamic(source)}
    if scripts & _BROAD_OR_INLINE or objects & _BROAD:
        return "csp-implemented-with-unsafe-inline"
    if https and _insecure(_active(given, scripts)):
        return "csp-implemented-with-insecure-scheme"
    if "'unsafe-eval'" in scripts | styles:
        return "csp-implemented-with-unsafe-eval"
    if https and _insecure(_passive(given)):
        return "csp-implemented-with-insecure-scheme-in-passive-content-only"
    if styles & _BROAD_OR_INLINE:
        return "csp-implemented-with-unsafe-inline-in-style-src-only"
    if given.get("default-src") == {"'none'"}:
        return "csp-implemented-with-no-unsafe-default-src-none"
    return "csp-implemented-with-no-unsafe"


def _fallback(given: dict[str, set[str]], name: str) -> set[str]:
    for known in (name, "default-src"):
        if known in given:
            return given[known]
    return {"*"}


def _vouched(sources: set[str]) -> bool:
    return any(source.startswith(_VOUCHED) for source in sources)


def _ignored_by_strict_dynamic(source: str) -> bool:
    return source in ("'self'", "'unsafe-inline'") or source.startswith(tuple(_BROAD))


def _insecure(sources: set[str]) -> bool:
    return any(source.startswith(("http:", "ftp:")) for source in sources)


def _active(given: dict[str, set[str]], scripts: set[str]) -> set[str]:
    others = (sources for name, sources in given.items() if name not in (*_PASSIVE, "script-src"))
    return set().union(scripts, *others)


def _passive(given: dict[str, set[str]]) -> set[str]:
    return set().union(*(given.get(name, given.get("default-src", set())) for name in _PASSIVE))
