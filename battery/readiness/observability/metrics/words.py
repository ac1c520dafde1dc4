"""What a metric's name tells: whether it counts the requests that were served, errors, or time."""

import re

_REQUEST = re.compile(r"(?:^|_)(?:requests?|handled|served|responses?)(?:_|$)")
_HTTP = re.compile(r"(?:^|_)(?:http|https|grpc|rpc|web|server|api)(?:_|$)")
# Counts of some requests, or of the requests that the target sends to others, are no count of what it served.
_PARTIAL = re.compile(
    r"(?:^|_)(?:client|upstream|outgoing|outbound|dependency|downstream|shed|rejected|refused|dropped|retried|retries|"
    r"failed|failures?|errors?|exceptions?|timeouts?|in_flight|inflight|in_progress|active|size|bytes|body|slow)(?:_|$)"
)
_ERROR = re.compile(r"(?:^|_)(?:errors?|failures?|failed|exceptions?|faults?|5xx)(?:_|$)")
_DURATION = re.compile(r"(?:^|_)(?:duration|latency|latencies|seconds|milliseconds|time|ms)(?:_|$)")
STATUS_LABELS = {
    "code",
    "status",
    "status_code",
    "http_status",
    "http_status_code",
    "http_response_status_code",
}
STATUS_LABELS |= {"grpc_code", "response_code", "outcome", "result", "status_class", "response_status"}


def counts_requests(name: str) -> int:
    """2 where it counts HTTP requests that were served, 1 where it counts requests, 0 where the name does not tell."""
    if _PARTIAL.search(name) or not _REQUEST.search(name):
        return 0
    return 2 if _HTTP.search(name) else 1


def counts_errors(name: str) -> bool:
    """Whether it counts what went wrong."""
    return _ERROR.search(name) is not None


def tells_duration(name: str) -> bool:
    """Whether it tells how long something took."""
    return _DURATION.search(name) is not None
