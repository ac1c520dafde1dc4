"""The health paths at rest, by answers that are written down."""

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.health.answer import HealthAnswer
from battery.readiness.observability.health.semantics import health_flaws, sibling_of

PATHS = {"live": "/health/live", "ready": "/health/ready", "status": "/status"}
GOOD = {("GET", path): 200 for path in PATHS.values()} | {("HEAD", path): 200 for path in PATHS.values()}


def look(changed: dict[tuple[str, str], int] | None = None, body: bytes = b"{}", **paths: str) -> list[Flaw]:
    script = GOOD | (changed or {})

    def ask(method: str, path: str) -> HealthAnswer:
        status = script.get((method, path), 404)
        trouble = "" if status else "ReadTimeout"
        return HealthAnswer(path=path, method=method, status=status, body=body, trouble=trouble)

    return list(health_flaws(ask, PATHS | paths, "zzz"))


def test_a_service_that_means_what_it_says_has_no_flaw() -> None:
    assert look() == []


def test_each_answer_that_is_no_yes_is_an_error_with_its_path() -> None:
    [flaw] = look({("GET", "/health/ready"): 302, ("HEAD", "/health/ready"): 302})
    assert (flaw.where, flaw.text) == (
        "/health/ready",
        "ready answers HTTP 302 while nothing is wrong; expected 2xx",
    )


def test_no_answer_is_told_with_its_reason() -> None:
    [flaw] = look({("GET", "/health/live"): 0, ("HEAD", "/health/live"): 0})
    assert "live answers no answer (ReadTimeout)" in flaw.text


def test_head_that_is_not_offered_is_a_warning_and_one_that_disagrees_an_error() -> None:
    [warning] = look({("HEAD", "/status"): 405})
    assert (warning.rule, warning.weight) == ("health.head", "warning")
    [error] = look({("HEAD", "/status"): 500})
    assert (error.rule, error.weight) == ("health.head", "error")
    [other] = look({("GET", "/health/live"): 500})[1:]
    assert other.text == "HEAD answers HTTP 200 and GET HTTP 500: they must say the same"


def test_a_random_path_that_is_answered_well_proves_that_nothing_looks() -> None:
    flaws = look({("GET", "/health/zzz"): 200, ("GET", "/zzz"): 204})
    assert [(flaw.rule, flaw.where) for flaw in flaws] == [
        ("health.control", "/health/zzz"),
        ("health.control", "/zzz"),
    ]


def test_a_random_path_that_breaks_the_server_is_a_warning() -> None:
    flaws = look({("GET", "/zzz"): 500, ("GET", "/health/zzz"): 0})
    assert {flaw.weight for flaw in flaws} == {"warning"}
    assert len(flaws) == 2


def test_a_status_without_a_body_is_a_warning() -> None:
    [flaw] = look(body=b" ")
    assert "tells nobody how the service is" in flaw.text


def test_the_sibling_stands_beside_the_path_without_its_query() -> None:
    assert sibling_of("/api/health/live?deep=/a/b", "x") == "/api/health/x"
    assert sibling_of("/live", "x") == "/x"
