"""The ten tests, one peculiarity each; the npm package is compared over real connections in tests/integration."""

import pytest

from battery.scan.target.answer import Answer
from battery.scan.target.observatory.cookie import Jar
from battery.scan.target.observatory.observation import Observation, Reached, preloaded
from battery.scan.target.observatory.page import page_of
from battery.scan.target.observatory.report import report_on
from battery.scan.target.observatory.transport import judge_hsts_value
from battery.scan.target.tls import insistence_rule

URL = "https://www.shop.example/"


def seen(
    *headers: tuple[str, str],
    body: str = "",
    https: bool = True,
    verified: bool = True,
    route: tuple[str, ...] = (),
    preload: dict[str, bool] | None = None,
    preflight: Answer | None = None,
) -> dict[str, str]:
    """The results for one page."""
    answer = Answer(url=URL, status=200, headers=(("content-type", "text/html"), *headers))
    jar = Jar()
    jar.take(answer.all("set-cookie"), "www.shop.example", "/")
    reached = Reached(answer=answer, route=(URL,), verified=verified)
    observation = Observation(
        hostname="www.shop.example",
        https=https,
        answer=answer,
        page=page_of(body),
        plain=Reached(answer=answer, route=route, verified=verified) if route else None,
        secure=reached if https else None,
        cookies=jar.cookies(),
        preflight=preflight,
        origin="https://foreign.example",
        preload=preload or {},
    )
    return report_on(observation).results


@pytest.mark.parametrize(
    ("policy", "result"),
    [
        ("default-src 'none'", "implemented-with-no-unsafe-default-src-none"),
        ("default-src 'self'", "implemented-with-no-unsafe"),
        ("default-src 'self'; style-src data:", "implemented-with-unsafe-inline-in-style-src-only"),
        ("default-src 'self'; media-src http:", "implemented-with-insecure-scheme-in-passive-content-only"),
        ("default-src 'self' 'unsafe-eval'", "implemented-with-unsafe-eval"),
        ("script-src 'self'", "implemented-with-unsafe-inline"),
        ("default-src 'self'; font-src ftp://a", "implemented-with-insecure-scheme"),
        ("script-src 'strict-dynamic'", "header-invalid"),
        (
            "script-src 'strict-dynamic' 'nonce-a' https: 'self'; object-src 'none'; style-src a",
            "implemented-with-no-unsafe",
        ),
        ("default-src 'self'; report-to a; report-to b", "implemented-but-duplicate-directives"),
    ],
)
def test_a_policy_is_judged_by_its_first_weakness(policy: str, result: str) -> None:
    assert seen(("content-security-policy", policy))["content-security-policy"] == f"csp-{result}"


def test_only_reporting_is_no_policy() -> None:
    results = seen(("content-security-policy-report-only", "default-src 'none'"))
    assert results["content-security-policy"] == "csp-not-implemented-but-reporting-enabled"


def test_a_broken_header_beside_a_sound_element_is_invalid() -> None:
    body = "<meta http-equiv=content-security-policy content=\"default-src 'none'\">"
    assert (
        seen(("content-security-policy", "x"), body=body)["content-security-policy"] == "csp-header-invalid"
    )
    assert seen(body=body)["content-security-policy"].endswith("default-src-none")


@pytest.mark.parametrize(
    ("route", "result"),
    [
        ((), "not-needed-no-http"),
        (("http://www.shop.example/",), "missing"),
        (("http://www.shop.example/", URL), "to-https"),
        (
            ("http://www.shop.example/", "http://www.shop.example/a", URL),
            "not-to-https-on-initial-redirection",
        ),
        (("http://www.shop.example/", "https://shop.example/"), "off-host-from-http"),
        (("http://www.shop.example/", URL, "http://www.shop.example/a"), "not-to-https"),
        (("http://www.shop.example/", "http://[bad"), "not-to-https"),
    ],
)
def test_a_redirection_is_judged_by_its_route(route: tuple[str, ...], result: str) -> None:
    assert seen(route=route)["redirection"] == f"redirection-{result}"


def test_a_certificate_nobody_trusts_spoils_both() -> None:
    results = seen(verified=False, route=("http://www.shop.example/", URL))
    assert results["redirection"] == "redirection-invalid-cert"
    assert results["strict-transport-security"] == "hsts-invalid-cert"


def test_a_preloaded_host_needs_neither() -> None:
    results = seen(preload={"shop.example": True}, route=("http://www.shop.example/",))
    assert results["redirection"] == "redirection-all-redirects-preloaded"
    assert results["strict-transport-security"] == "hsts-preloaded"


def test_a_parent_is_preloaded_for_its_subdomains_only_when_it_says_so() -> None:
    assert preloaded("a.b.example", {"b.example": True})
    assert not preloaded("a.b.example", {"b.example": False})
    assert preloaded("b.example", {"b.example": False})


@pytest.mark.parametrize(
    ("header", "result"),
    [
        ("max-age=15552000", "implemented-max-age-at-least-six-months"),
        ("max-age=15551999", "implemented-max-age-less-than-six-months"),
        ("Max-Age= 1; max-age=99999999", "implemented-max-age-at-least-six-months"),
        ("max-age=nonsense", "implemented-max-age-at-least-six-months"),
        ("max-age=-5", "implemented-max-age-less-than-six-months"),
        ("max-age=1, max-age=2", "header-invalid"),
        ("includeSubDomains", "header-invalid"),
    ],
)
def test_strict_transport_security_is_judged_by_its_age(header: str, result: str) -> None:
    assert judge_hsts_value(header) == f"hsts-{result}"


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("max-age=15768000", ""),
        ("max-age=31536000; includeSubDomains", ""),
        ("max-age=15767999", "target.tls.hsts-short"),
        ("max-age=15552000", "target.tls.hsts-short"),
        ("max-age=0", "target.tls.hsts-short"),
        ("includeSubDomains", "target.tls.hsts-missing"),
        (None, "target.tls.hsts-missing"),
    ],
)
def test_our_own_finding_asks_six_whole_months_where_the_observatorys_grade_asks_180_days(
    header: str | None, rule: str
) -> None:
    assert insistence_rule(header) == rule


def test_without_https_there_is_no_hsts() -> None:
    assert seen(https=False)["strict-transport-security"] == "hsts-not-implemented-no-https"


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("<p>", "not-implemented-but-no-scripts-loaded"),
        ("<script src='/a'></script>", "not-implemented-but-all-scripts-loaded-from-secure-origin"),
        ("<script src='data:,a'></script>", "not-implemented-but-all-scripts-loaded-from-secure-origin"),
        (
            "<script src='https://cdn.shop.example/a'></script>",
            "not-implemented-but-all-scripts-loaded-from-secure-origin",
        ),
        ("<script src='/a' integrity=x></script>", "implemented-and-all-scripts-loaded-securely"),
        (
            "<script src='https://e.example/a' integrity=x></script>",
            "implemented-and-external-scripts-loaded-securely",
        ),
        (
            "<script src='https://e.example/a'></script>",
            "not-implemented-but-external-scripts-loaded-securely",
        ),
        (
            "<script src='//e.example/a' integrity=x></script>",
            "implemented-but-external-scripts-not-loaded-securely",
        ),
        (
            "<script src='http://e.example/a'></script>",
            "not-implemented-and-external-scripts-not-loaded-securely",
        ),
        ("<script src='http://[bad'></script>", "not-implemented-but-all-scripts-loaded-from-secure-origin"),
    ],
)
def test_scripts_from_elsewhere_are_judged(body: str, result: str) -> None:
    assert seen(body=body)["subresource-integrity"] == f"sri-{result}"


@pytest.mark.parametrize(
    ("other", "same"),
    [("https://a.shop.co.uk/x", True), ("https://other.co.uk/x", False), ("https://10.0.0.1/", False)],
)
def test_the_same_site_ends_at_what_one_owner_registered(other: str, same: bool) -> None:
    from battery.scan.target.observatory.subresources import _site

    assert (_site(other.split("/")[2]) == _site("www.shop.co.uk")) is same


@pytest.mark.parametrize(
    ("cookies", "result"),
    [
        ((), "not-found"),
        (("heroku-session-affinity=1",), "not-found"),
        (("a=1; Secure; SameSite=Lax",), "secure-with-httponly-sessions-and-samesite"),
        (("a=1; Secure",), "secure-with-httponly-sessions"),
        (("a=1",), "without-secure-flag"),
        (("a=1; SameSite=None",), "samesite-flag-invalid"),
        (("a=1; Secure; SameSite=x",), "samesite-flag-invalid"),
        (("csrf=1; Secure",), "anticsrf-without-samesite-flag"),
        (("sess=1; Secure", "a=1"), "session-without-httponly-flag"),
        (("LOGIN=1; HttpOnly",), "session-without-secure-flag"),
    ],
)
def test_the_gravest_flaw_of_any_cookie_counts(cookies: tuple[str, ...], result: str) -> None:
    assert seen(*(("set-cookie", cookie) for cookie in cookies))["cookies"] == f"cookies-{result}"


def test_hsts_softens_a_missing_secure_flag() -> None:
    hsts = ("strict-transport-security", "max-age=99999999")
    assert seen(hsts, ("set-cookie", "a=1"))["cookies"] == "cookies-without-secure-flag-but-protected-by-hsts"


@pytest.mark.parametrize(
    ("allowed", "credentials", "result"),
    [
        (None, None, "not-implemented"),
        (" * ", "true", "implemented-with-public-access"),
        ("https://foreign.example", " TRUE", "implemented-with-universal-access"),
        ("https://foreign.example", "false", "implemented-with-restricted-access"),
        ("https://friend.example", "true", "implemented-with-restricted-access"),
    ],
)
def test_a_preflight_answer_is_judged(allowed: str | None, credentials: str | None, result: str) -> None:
    headers = [("access-control-allow-origin", allowed), ("access-control-allow-credentials", credentials)]
    given = tuple((name, value) for name, value in headers if value is not None)
    answer = Answer(url=URL, status=200, headers=given)
    assert seen(preflight=answer)["cross-origin-resource-sharing"].endswith(result)


@pytest.mark.parametrize(
    ("test", "value", "result"),
    [
        ("referrer-policy", "bogus, same-origin", "referrer-policy-private"),
        ("referrer-policy", "origin", "referrer-policy-unsafe"),
        ("referrer-policy", "bogus", "referrer-policy-header-invalid"),
        ("x-content-type-options", "NoSniff", "x-content-type-options-nosniff"),
        ("x-content-type-options", "x", "x-content-type-options-header-invalid"),
        ("x-frame-options", "Deny", "x-frame-options-sameorigin-or-deny"),
        ("x-frame-options", "allow-from x", "x-frame-options-allow-from-origin"),
        ("x-frame-options", "x", "x-frame-options-header-invalid"),
        ("cross-origin-resource-policy", "same-site", "corp-implemented-with-same-site"),
        ("cross-origin-resource-policy", "x", "corp-header-invalid"),
    ],
)
def test_a_single_header_is_judged(test: str, value: str, result: str) -> None:
    assert seen((test, value))[test] == result


def test_frame_ancestors_stands_for_frame_options() -> None:
    results = seen(("content-security-policy", "frame-ancestors 'none'"))
    assert results["x-frame-options"] == "x-frame-options-implemented-via-csp"


def test_an_api_loads_no_scripts() -> None:
    answer = Answer(url=URL, status=200, headers=(("content-type", "application/json"),))
    reached = Reached(answer=answer, route=(URL,))
    page = page_of("<script src='http://e.example'></script>")
    observation = Observation(hostname="h", https=True, answer=answer, page=page, plain=None, secure=reached)
    assert report_on(observation).results["subresource-integrity"] == "sri-not-implemented-response-not-html"
