"""The headline: what stands above the verdicts."""

from collections.abc import Callable

import msgspec

from battery.model.evidence import Evidence
from battery.model.run import Run
from battery.report.headline import particulars


def test_findings_are_counted_by_severity_judged_or_not(make_run: Callable[..., Run]) -> None:
    def minor(item: Evidence) -> Evidence:
        milder = tuple(msgspec.structs.replace(one, severity="low") for one in item.findings[:1])
        return msgspec.structs.replace(item, findings=(*item.findings, *milder))

    run = make_run({"security.findings.critical": 2.0}, evidence=minor)
    assert dict(particulars(run))["findings"].startswith("2 critical, 1 low; listed in")
    assert "findings" not in dict(particulars(make_run()))
