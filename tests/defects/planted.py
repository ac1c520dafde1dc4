"""The planted defects, the command that must see each, and the rules that must fail."""

from typing import NamedTuple


class Planted(NamedTuple):
    """A defect, the command that looks for it, and the rules of which at least one must fail, and no other may."""

    defect: str
    command: tuple[str, ...]
    rules: tuple[str, ...]
    needs_database: bool = False


_SOAK = ("soak", "--for", "40 s", "--every", "4 s")
_LONGER_SOAK = ("soak", "--for", "60 s", "--every", "4 s")  # a hundredth a second shows slowly
_CHAOS = ("chaos", "--intensity", "smoke")
# The gates that need neither load nor faults, all of them: what turns one must not turn another.
CERTIFY = ("certify", "--only", "security,readiness", "--intensity", "smoke")
_COUNTS = ("observability.counter.difference", "observability.histogram.difference")
_UNTESTED = ("untested_package", "tests_removed")
_FOUND = ("security.findings.critical", "security.findings.high")


def _found(*defects: str) -> tuple[Planted, ...]:
    return tuple(Planted(defect, CERTIFY, _FOUND) for defect in defects)


def _seen(rule: str, *defects: str) -> tuple[Planted, ...]:
    return tuple(Planted(defect, CERTIFY, (rule,)) for defect in defects)


PLANTED = (
    Planted("", _SOAK, ()),
    Planted("leak", _SOAK, ("load.p4.memory.growth",)),
    Planted("degrading", _LONGER_SOAK, ("load.p4.latency.growth",)),
    Planted("thread_leak", _SOAK, ("load.p4.threads.growth",)),
    Planted("descriptor_leak", _SOAK, ("load.p4.descriptors.growth",)),
    Planted("errors", _SOAK, ("load.p4.errors",)),
    Planted("wrong_answers", _SOAK, ("load.p4.errors",)),
    Planted("cut_answers", _SOAK, ("load.p4.errors",)),
    Planted("", _CHAOS, ()),
    Planted(
        "no_recovery",
        (*_CHAOS, "--scenario", "dependency"),
        ("chaos.dependency.recovery", "chaos.breaker.defects"),
    ),
    Planted("breaker_never_opens", (*_CHAOS, "--scenario", "dependency"), ("chaos.breaker.defects",)),
    Planted(
        "breaker_never_closes",
        (*_CHAOS, "--scenario", "dependency"),
        ("chaos.dependency.recovery", "chaos.breaker.defects"),
    ),
    Planted("lost_writes", (*_CHAOS, "--scenario", "restart"), ("chaos.writes.lost",)),
    Planted("doubled_writes", (*_CHAOS, "--scenario", "restart"), ("chaos.writes.lost",)),
    Planted("shutdown_drops", (*_CHAOS, "--scenario", "restart"), ("chaos.restart.dropped",)),
    Planted("ready_lies", (*_CHAOS, "--scenario", "database"), ("chaos.ready.lies",)),
    Planted(
        "pool_leak",
        (*_CHAOS, "--scenario", "database"),
        ("chaos.database.recovery", "chaos.writes.stuck"),
        needs_database=True,
    ),
    Planted("", CERTIFY, ()),
    *(Planted(defect, CERTIFY, ("coverage.line", "coverage.branch")) for defect in _UNTESTED),
    *_seen("coverage.files", "source_unseen"),
    *_found("cors_wildcard", "cookie_flags", "debug_page", "exposed_env", "admin_open", "wrong_role"),
    *_found("other_tenant", "expired_token", "no_lockout"),
    # A token in the log is a leak, and a log that cannot be given to anybody: both gates say so.
    Planted("secret_in_log", CERTIFY, (*_FOUND, "observability.logs.defects")),
    *_found("secret_in_source", "env_file", "vulnerable_dependency"),
    Planted("metrics_miss", CERTIFY, _COUNTS),
    # What never moves is unsound as well, and no alert can fire on it.
    Planted(
        "metrics_frozen",
        CERTIFY,
        (*_COUNTS, "observability.metrics.defects", "observability.alert.unproven"),
    ),
    *_seen("observability.metrics.defects", "metrics_malformed"),
    *_seen("observability.alert.unproven", "alert_never_fires"),
    *_seen("observability.alerts.defects", "rule_unparsable"),
    *_seen("observability.dashboards.defects", "dashboard_stranger"),
    *_seen("bootstrap.failures", "start_crashes", "start_second_try", "start_never_ready"),
    *_seen("docs.quickstart.failures", "quickstart_broken"),
    Planted("runbook_missing", CERTIFY, ("docs.runbooks.missing", "docs.links.dead")),
    *_seen("docs.api.undescribed", "route_undescribed"),
    *_seen("docs.links.dead", "dead_link"),
)
