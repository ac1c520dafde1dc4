"""An expired waiver takes the level away, whatever else passes."""

from datetime import timedelta

from battery.judging import judge
from tests.fakes.plans import a_waiver, changed, full_plan, passing_evidence


def test_no_level_is_earned_with_an_expired_waiver() -> None:
    plan = full_plan(intensity="standard")
    evidence = passing_evidence(plan)
    digest = evidence[0].plan
    assert judge(plan, digest, evidence, plan.created).level == "gold"
    waiver = a_waiver(expires=plan.created - timedelta(days=1))
    judgement = judge(changed(plan, waivers=(waiver,)), digest, evidence, plan.created)
    assert (judgement.result, judgement.level) == ("FAILED", "none")
    assert waiver.name in judgement.level_reasons[0]
