"""The ten results together, their score and their grade."""

from battery.model.frozen import Frozen
from battery.scan.target.observatory.content_policy import judge_policy
from battery.scan.target.observatory.cookies import judge_cookies
from battery.scan.target.observatory.observation import Observation
from battery.scan.target.observatory.scores import grade, total
from battery.scan.target.observatory.single_headers import (
    judge_content_type_options,
    judge_cors,
    judge_frame_options,
    judge_referrer,
    judge_resource_policy,
)
from battery.scan.target.observatory.subresources import judge_scripts
from battery.scan.target.observatory.transport import hsts_passes, judge_hsts, judge_redirection

# A page of any other status is nothing that the Observatory would judge.
JUDGED_STATUS = (*range(200, 400), 401, 403)


class Report(Frozen, frozen=True, kw_only=True):
    """A result for each test, the score and its letter."""

    results: dict[str, str]
    score: int
    grade: str


def report_on(seen: Observation) -> Report:
    """Run the ten tests."""
    policy = judge_policy(seen)
    hsts = judge_hsts(seen)
    results = {
        "content-security-policy": policy.result,
        "cookies": judge_cookies(seen, hsts=hsts_passes(hsts)),
        "cross-origin-resource-sharing": judge_cors(seen),
        "redirection": judge_redirection(seen),
        "referrer-policy": judge_referrer(seen),
        "strict-transport-security": hsts,
        "subresource-integrity": judge_scripts(seen),
        "x-content-type-options": judge_content_type_options(seen),
        "x-frame-options": judge_frame_options(seen, policy_frames=policy.frames),
        "cross-origin-resource-policy": judge_resource_policy(seen),
    }
    score = total(tuple(results.values()))
    return Report(results=results, score=score, grade=grade(score))
