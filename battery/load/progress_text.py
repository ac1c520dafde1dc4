"""One second of a load run in words, for the bar and the log."""

from battery.load.instrument import LoadRequest
from battery.load.resources import Usage
from battery.load.sharing import all_stages
from battery.load.tally import Slice


def one_second(second: Slice, usage: Usage | None, request: LoadRequest) -> str:
    """Stage, rate against plan, latencies, failures, what waits, lag, and the target's own use."""
    stage = all_stages(request.shape)[second.stage]
    planned = f"{stage.users} users" if request.profile.model == "closed" else f"of {stage.rate_to:g}/s"
    words = [
        f"{stage.name}: {second.sent}/s {planned}",
        f"p50 {second.p50:.1f} p99 {second.p99:.1f} ms",
        f"{second.failed} failed",
        f"{second.in_flight + second.waiting} in flight",
        f"lag {second.lag_p99:.2f} ms",
    ]
    if usage is not None:
        words.append(f"target {usage.cpu:.0%} CPU {usage.rss:.0f} MiB")
    return ", ".join(words)
