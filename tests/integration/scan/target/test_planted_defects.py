"""Each planted defect is found with its rule and severity; the healthy target is clean."""

import threading
import time
from collections.abc import Callable

import pytest

from battery.model.security import AccessRule, LoginProbe, ScanIdentity
from battery.scan.interface import ScanResult
from battery.scan.rules import scan_rules
from tests.integration.scan.target.scripted import SOUND, Heard, Said, Script, rules, scan, serving, sound

PAGE = {"Content-Type": "text/html"}


def holds(result: ScanResult) -> None:
    """The ledger adds up, every canary was seen, nothing is in doubt."""
    assert result.ledger.adds_up, result.ledger
    assert [canary for canary in result.canaries if not canary.seen] == []
    assert result.incomplete == ()


def at(path: str, said: Said) -> Script:
    """The healthy target with one answer replaced."""
    return lambda heard: said if heard.path == path else sound(heard)


def with_header(name: str, value: str) -> Script:
    """The healthy target with a header added everywhere."""

    def script(heard: Heard) -> Said:
        said = sound(heard)
        return Said(said.status, {**said.headers, name: value}, said.body)

    return script


def reflecting(accept: Callable[[str], bool], *, credentials: bool) -> Script:
    """Allows the origins that it accepts."""

    def script(heard: Heard) -> Said:
        origin = heard.headers.get("origin", "")
        extra = {"Access-Control-Allow-Origin": origin} if origin and accept(origin) else {}
        if credentials:
            extra["Access-Control-Allow-Credentials"] = "true"
        return Said(200, {**SOUND, **extra})

    return script


def page(body: str, **headers: str) -> Script:
    """A page at / with headers, underscores for hyphens."""
    return at(
        "/", Said(200, {**PAGE, **{name.replace("_", "-"): value for name, value in headers.items()}}, body)
    )


def echoing(heard: Heard) -> Said:
    """Repeats a TRACE request."""
    return Said(200, SOUND, str(heard.headers)) if heard.method == "TRACE" else sound(heard)


CASES: list[tuple[str, str, str, Script]] = [
    ("headers", "target.headers.nosniff", "low", at("/", Said(200, {"Content-Type": "application/json"}))),
    ("headers", "target.headers.csp-missing", "medium", page("<p>")),
    ("headers", "target.headers.csp-weak", "medium", page("<p>", Content_Security_Policy="script-src *")),
    ("headers", "target.headers.framing", "medium", page("<p>")),
    ("headers", "target.headers.referrer", "low", page("<p>", Referrer_Policy="unsafe-url")),
    (
        "headers",
        "target.headers.script-insecure",
        "high",
        page('<script src="http://e.example/a.js"></script>'),
    ),
    (
        "headers",
        "target.headers.script-integrity",
        "low",
        page('<script src="https://e.example/a"></script>'),
    ),
    ("headers", "target.headers.resource-policy", "low", with_header("Cross-Origin-Resource-Policy", "all")),
    (
        "headers",
        "target.cookies.secure",
        "medium",
        with_header("Set-Cookie", "theme=1; HttpOnly; SameSite=Lax"),
    ),
    ("headers", "target.cookies.session-secure", "high", with_header("Set-Cookie", "session=1; HttpOnly")),
    ("headers", "target.cookies.session-httponly", "medium", with_header("Set-Cookie", "session=1; Secure")),
    ("headers", "target.cookies.samesite", "low", with_header("Set-Cookie", "csrf=1; Secure; HttpOnly")),
    ("headers", "target.redirect.off-scope", "info", at("/", Said(302, {"Location": "http://e.example/"}))),
    ("cors", "target.cors.reflected-with-credentials", "high", reflecting(lambda _: True, credentials=True)),
    ("cors", "target.cors.reflected", "low", reflecting(lambda _: True, credentials=False)),
    (
        *("cors", "target.cors.null-with-credentials", "high"),
        reflecting(lambda origin: origin == "null", credentials=True),
    ),
    (
        *("cors", "target.cors.lookalike-with-credentials", "high"),
        reflecting(lambda origin: origin.startswith("https://127.0.0.1"), credentials=True),
    ),
    (
        *("cors", "target.cors.subdomain-with-credentials", "medium"),
        reflecting(lambda origin: origin.endswith(".127.0.0.1"), credentials=True),
    ),
    ("cors", "target.cors.wildcard", "info", with_header("Access-Control-Allow-Origin", "*")),
    (
        *("cors", "target.cors.wildcard-with-credentials", "high"),
        lambda _: Said(200, {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"}),
    ),
    ("methods", "target.methods.trace", "medium", echoing),
    ("methods", "target.methods.any-verb", "low", lambda _: Said()),
    (
        "methods",
        "target.methods.webdav",
        "low",
        lambda heard: Said(207 if heard.method == "PROPFIND" else 200),
    ),
    ("errors", "target.errors.version", "low", with_header("Server", "Apache/2.4.1 (Unix)")),
    (
        *("errors", "target.errors.stack-trace", "medium"),
        lambda heard: Said(500, body="Traceback (most recent call last):\n") if heard.query else sound(heard),
    ),
    (
        *("errors", "target.errors.debug-page", "high"),
        at("/", Said(500, PAGE, "<title>KeyError // Werkzeug Debugger</title>")),
    ),
    ("exposed", "target.exposed.env", "critical", at("/.env", Said(body="DB_PASSWORD=hunter2hunter2\n"))),
    ("exposed", "target.exposed.vcs", "high", at("/.git/HEAD", Said(body="ref: refs/heads/main\n"))),
    (
        "exposed",
        "target.exposed.backup",
        "critical",
        at("/dump.sql", Said(body="INSERT INTO users VALUES (1);")),
    ),
    (
        "exposed",
        "target.exposed.key",
        "critical",
        at("/id_rsa", Said(body="-----BEGIN RSA PRIVATE KEY-----")),
    ),
    (
        *("exposed", "target.exposed.actuator", "critical"),
        at("/actuator/env", Said(body='{"propertySources": []}')),
    ),
    (
        "exposed",
        "target.exposed.debug-console",
        "critical",
        at("/console", Said(200, PAGE, "Interactive Console")),
    ),
    ("exposed", "target.exposed.profile", "medium", at("/debug/vars", Said(body='{"cmdline": ["/app"]}'))),
    (
        "exposed",
        "target.exposed.admin",
        "high",
        at("/admin", Said(200, PAGE, "<title>Users and roles</title>")),
    ),
    ("rate_limit", "target.rate-limit.absent", "medium", sound),
]


@pytest.mark.parametrize(("scanner", "rule", "severity", "script"), CASES, ids=[case[1] for case in CASES])
def test_a_planted_defect_is_found_with_its_rule_and_severity(
    scanner: str, rule: str, severity: str, script: Script
) -> None:
    with serving(script) as url:
        result = scan(url, scanner)
    assert rule in rules(result)
    assert scan_rules()[rule].severity == severity
    holds(result)


@pytest.mark.parametrize("scanner", ["headers", "cors", "methods", "errors", "exposed"])
def test_a_healthy_api_is_clean(scanner: str) -> None:
    with serving(sound) as url:
        result = scan(url, scanner)
    assert result.found == ()
    holds(result)


def test_an_api_is_not_blamed_for_what_only_pages_need() -> None:
    with serving(at("/", Said(200, {**SOUND, "Referrer-Policy": "unsafe-url"}))) as url:
        result = scan(url, "headers")
    assert result.found == ()
    assert result.facts["content-security-policy"] == "csp-not-implemented", (
        "the raw grade keeps it all the same"
    )


@pytest.mark.parametrize("status", [200, 302])
def test_a_target_that_says_yes_to_everything_exposes_nothing(status: int) -> None:
    everything = "DB_PASSWORD=x\nref: refs/heads/main\nCREATE TABLE admin users; Interactive Console"
    with serving(lambda heard: Said(status, PAGE, f"<title>Shop</title>{everything} {heard.path}")) as url:
        result = scan(url, "exposed")
    assert result.found == ()
    holds(result)


def test_a_login_page_at_admin_is_no_open_administration() -> None:
    form = "<title>Admin</title><form>Users <input type='password'></form>"
    with serving(at("/admin", Said(200, PAGE, form))) as url:
        assert scan(url, "exposed").found == ()


def test_no_secret_of_an_exposed_file_is_repeated() -> None:
    with serving(at("/.env", Said(body="DB_PASSWORD=hunter2hunter2\n"))) as url:
        result = scan(url, "exposed")
    assert "hunter2" not in str(result)
    assert "DB_PASSWORD" in result.found[0].excerpt


def test_headers_that_were_handed_in_reach_no_output() -> None:
    secret = "Bearer super-secret-token-1"

    def script(heard: Heard) -> Said:
        return Said(500, SOUND, f"Traceback (most recent call last): {heard.headers.get('authorization')}")

    with serving(script) as url:
        result = scan(url, "errors", headers={"Authorization": secret})
    assert rules(result) == {"target.errors.stack-trace"}
    assert "super-secret" not in str(result)


IDENTITIES = (
    ScanIdentity(name="owner", headers={"Authorization": "Bearer owner"}),
    ScanIdentity(name="late", kind="expired", headers={"Authorization": "Bearer late"}),
    ScanIdentity(name="clerk", kind="wrong_role", headers={"Authorization": "Bearer clerk"}),
    ScanIdentity(name="neighbour", kind="other_tenant", headers={"Authorization": "Bearer neighbour"}),
)
READ = AccessRule(name="read invoice", path="/invoice", allowed=("owner",))


def guarded(*let_in: str, refusal: int = 403) -> Script:
    """Lets in those that are named; the others are refused."""

    def script(heard: Heard) -> Said:
        who = heard.headers.get("authorization", "Bearer nobody").removeprefix("Bearer ")
        return Said(200 if who in let_in else 401 if who == "nobody" and refusal == 403 else refusal, SOUND)

    return script


@pytest.mark.parametrize(
    ("intruder", "rule", "severity"),
    [
        ("nobody", "target.access.unauthenticated", "critical"),
        ("late", "target.access.expired", "high"),
        ("clerk", "target.access.wrong-role", "high"),
        ("neighbour", "target.access.other-tenant", "high"),
    ],
)
def test_an_identity_that_gets_in_is_a_finding(intruder: str, rule: str, severity: str) -> None:
    with serving(guarded("owner", intruder)) as url:
        result = scan(url, "access", identities=IDENTITIES, access=(READ,))
    assert rules(result) == {rule}
    assert scan_rules()[rule].severity == severity
    holds(result)


def test_a_guarded_operation_is_clean_and_every_cell_was_tried() -> None:
    with serving(guarded("owner")) as url:
        result = scan(url, "access", identities=IDENTITIES, access=(READ,))
    assert result.found == ()
    assert result.ledger.scanned == result.ledger.discovered == 5
    holds(result)


def test_a_refusal_proves_nothing_where_the_right_identity_is_refused_too() -> None:
    with serving(guarded()) as url:
        result = scan(url, "access", identities=IDENTITIES, access=(READ,))
    assert result.ledger.scanned == 0
    assert "owner may do this and got status 403 instead of 2xx" in " ".join(result.incomplete)


def test_a_hidden_object_may_be_not_found() -> None:
    hidden = AccessRule(name="read", path="/x", allowed=("owner",), hides=True)
    with serving(guarded("owner", refusal=404)) as url:
        assert scan(url, "access", identities=IDENTITIES, access=(hidden,)).found == ()
        result = scan(url, "access", identities=IDENTITIES, access=(READ,))
    assert rules(result) == {"target.access.unclear"}


def test_an_operation_that_changes_data_is_left_alone_unless_allowed() -> None:
    heard: list[Heard] = []

    def script(request: Heard) -> Said:
        heard.append(request)
        return guarded("owner")(request)

    delete = AccessRule(name="delete", path="/x", method="DELETE", allowed=("owner",))
    with serving(script) as url:
        result = scan(url, "access", identities=IDENTITIES, access=(delete,))
        assert heard == []
        assert "may_run" in result.incomplete[0]
        may = AccessRule(
            name="delete", path="/x", method="DELETE", allowed=("owner",), body="{}", may_run=True
        )
        holds(scan(url, "access", identities=IDENTITIES, access=(may,)))
    assert {request.method for request in heard} == {"DELETE"}


@pytest.mark.parametrize("allowed", [(), ("stranger",)])
def test_a_rule_that_names_nobody_known_is_said_to_be_unusable(allowed: tuple[str, ...]) -> None:
    wrong = AccessRule(name="read", path="/x", allowed=allowed)
    with serving(sound) as url:
        assert (
            "identities: owner"
            in scan(url, "access", identities=IDENTITIES[:1], access=(wrong,)).incomplete[0]
        )


@pytest.mark.parametrize("scanner", ["access", "abuse"])
def test_nothing_described_is_a_doubt_unless_the_target_is_declared_public(scanner: str) -> None:
    with serving(sound) as url:
        assert scan(url, scanner).incomplete
        result = scan(url, scanner, public=True)
    assert (result.incomplete, result.canaries, result.ledger.scanned) == ((), (), 0)
    assert [skip.harmless for skip in result.ledger.skipped] == [True]


class Limiter:
    """429 beyond a count, until some seconds after the last refusal that counts; by client or for all."""

    def __init__(
        self, most: int, seconds: float, *, by_client: bool = True, retry: str = "", ends: bool = True
    ) -> None:
        self._most, self._seconds, self._by_client = most, seconds, by_client
        self._retry, self._ends = retry, ends
        self._counts: dict[str, int] = {}
        self._until = 0.0
        self._lock = threading.Lock()

    def __call__(self, heard: Heard) -> Said:
        key = heard.client if self._by_client else "all"
        with self._lock:
            if self._until and time.monotonic() > self._until and self._ends:
                self._counts.clear()
                self._until = 0.0
            self._counts[key] = self._counts.get(key, 0) + 1
            if self._counts[key] <= self._most:
                return Said(401 if heard.path == "/login" else 200, SOUND)
            self._until = self._until or time.monotonic() + self._seconds
        return Said(429, {**SOUND, **({"Retry-After": self._retry} if self._retry else {})})


def test_a_sound_rate_limit_is_clean() -> None:
    with serving(Limiter(20, 0.5, retry="1")) as url:
        result = scan(url, "rate_limit")
    assert result.found == ()
    assert result.facts["onset"] == "request 21"
    assert result.ledger.scanned == 4
    holds(result)


@pytest.mark.parametrize(
    ("limiter", "broken"),
    [
        (Limiter(20, 0.2), {"target.rate-limit.no-retry-after"}),
        (Limiter(20, 0.2, retry="soon"), {"target.rate-limit.no-retry-after"}),
        (
            Limiter(20, 0.0, retry="1", ends=False, by_client=False),
            {"target.rate-limit.punishes-others", "target.rate-limit.no-recovery"},
        ),
        (Limiter(20, 0.0, retry="1", ends=False), {"target.rate-limit.no-recovery"}),
    ],
)
def test_a_poor_rate_limit_is_a_finding(limiter: Limiter, broken: set[str]) -> None:
    with serving(limiter) as url:
        result = scan(url, "rate_limit")
    assert rules(result) == broken
    holds(result)


def test_a_long_wait_is_said_and_not_waited_for() -> None:
    with serving(Limiter(20, 9000, retry="3600")) as url:
        limited = scan(url, "rate_limit")
        locked = scan(url, "abuse", login=LoginProbe(path="/login"))
    assert "3600 s" in limited.ledger.skipped[0].reason
    assert limited.incomplete == ()
    assert "got status 429" in " ".join(locked.incomplete), "still limited from the scan before"


def test_failed_logins_without_end_are_a_finding() -> None:
    with serving(lambda _: Said(401, SOUND)) as url:
        result = scan(url, "abuse", login=LoginProbe(path="/login", body="{}"))
    assert rules(result) == {"target.abuse.no-lockout"}
    assert scan_rules()["target.abuse.no-lockout"].severity == "high"
    holds(result)


def test_failed_logins_that_are_stopped_and_let_in_again_are_clean() -> None:
    with serving(Limiter(5, 0.5, retry="1")) as url:
        result = scan(url, "abuse", login=LoginProbe(path="/login"))
    assert (result.found, result.ledger.scanned) == ((), 2)
    holds(result)


def test_a_lock_without_end_is_a_finding() -> None:
    with serving(Limiter(5, 0.0, ends=False)) as url:
        result = scan(url, "abuse", login=LoginProbe(path="/login"))
    assert rules(result) == {"target.abuse.no-recovery"}


def test_a_lock_for_an_hour_is_not_waited_for() -> None:
    with serving(Limiter(5, 9000, retry="3600")) as url:
        result = scan(url, "abuse", login=LoginProbe(path="/login"))
    assert "3600 s" in result.ledger.skipped[0].reason
    assert result.incomplete == ()


def test_a_login_that_succeeds_proves_nothing() -> None:
    with serving(lambda _: Said(200)) as url:
        assert "got status 200" in " ".join(scan(url, "abuse", login=LoginProbe(path="/login")).incomplete)


def test_where_only_one_address_reaches_the_target_another_client_is_not_tried() -> None:
    with serving(Limiter(20, 0.2, retry="1")) as url:
        result = scan(url.replace("127.0.0.1", "localhost"), "rate_limit")
    assert result.incomplete == ()


def test_a_status_that_says_not_now_is_no_basis_for_a_judgement() -> None:
    with serving(lambda _: Said(503)) as url:
        result = scan(url, "headers")
    assert "answered 503" in result.incomplete[0]
    assert result.facts["grade"].startswith("none")


def test_a_verb_that_is_hung_up_on_is_refused_enough() -> None:
    def script(heard: Heard) -> Said:
        if heard.method != "GET":
            raise ConnectionError
        return sound(heard)

    with serving(script) as url:
        for name in ("methods", "errors"):
            result = scan(url, name)
            assert (result.found, result.incomplete) == ((), ())
            assert result.ledger.scanned == result.ledger.discovered
