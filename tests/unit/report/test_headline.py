"""The headline: what stands above the verdicts."""

from collections.abc import Callable
from datetime import timedelta

import msgspec

from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.model.run import Run
from battery.model.waiver import Waiver
from battery.report.headline import particulars


def test_findings_are_counted_by_severity_judged_or_not(make_run: Callable[..., Run]) -> None:
    def minor(item: Evidence) -> Evidence:
        milder = tuple(msgspec.structs.replace(one, severity="low") for one in item.findings[:1])
        return msgspec.structs.replace(item, findings=(*item.findings, *milder))

    run = make_run({"security.findings.critical": 2.0}, evidence=minor)
    assert dict(particulars(run))["findings"].startswith("2 critical, 1 low; listed in")
    assert "findings" not in dict(particulars(make_run()))


def test_waived_findings_are_told_from_the_others(make_run: Callable[..., Run]) -> None:
    two = {"security.findings.critical": 2.0}
    fingerprint = next(item.findings[0].fingerprint for item in make_run(two).evidence if item.findings)

    def waived(plan: Plan) -> Plan:
        known = Waiver(
            finding=fingerprint, reason="known", owner="ada", expires=plan.created + timedelta(days=1)
        )
        return msgspec.structs.replace(plan, waivers=(known,))

    assert dict(particulars(make_run(two, plan=waived)))["findings"].startswith(
        "2 critical (1 of these waived)"
    )
