"""What the body of a health answer says, and whether its status code agrees.

application/health+json: https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check-06#section-3
"""

import json
from collections.abc import Iterator
from typing import Any

from battery.readiness.coverage.report import shown
from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.health.answer import HealthAnswer

HEALTH_JSON = "application/health+json"
_FINE = ("pass", "ok", "up", "warn")
_BAD = ("fail", "error", "down")
# Words that services of their own making use; any other word says nothing to a stranger.
_OWN_BAD = (*_BAD, "failed", "failing", "unhealthy", "critical", "unavailable", "out_of_service")


def body_flaws(answer: HealthAnswer) -> Iterator[Flaw]:
    """Where body and status code contradict each other, or the body is not what its type promises."""
    document = _document(answer.body)
    if answer.kind == HEALTH_JSON:
        yield from _draft_flaws(answer, document)
    elif answer.says_yes and (word := _word(document)) in _OWN_BAD:
        text = f'{answer.words}, and the body says "{word}": who only reads the status is misled'
        yield Flaw(rule="health.contradiction", where=answer.path, text=text)


def _draft_flaws(answer: HealthAnswer, document: Any) -> Iterator[Flaw]:
    if not isinstance(document, dict) or not isinstance(document.get("status"), str):
        text = f"it is {HEALTH_JSON} without a status in a JSON object"
        yield Flaw(rule="health.draft", where=answer.path, text=text)
        return
    word = _word(document)
    if word not in (*_FINE, *_BAD):
        text = f'its status is "{shown(word)}", expected pass, warn or fail'
        yield Flaw(rule="health.draft", where=answer.path, text=text)
    elif (word in _BAD) is (answer.status < 400):
        text = f'its status is "{word}" with {answer.words}: pass and warn go with 2xx or 3xx, fail with 4xx or 5xx'
        yield Flaw(rule="health.draft", where=answer.path, text=text)
    for name in _failing(document) if word == "pass" else ():
        text = f'it says "pass", and its check {shown(name)} says otherwise'
        yield Flaw(rule="health.draft", where=answer.path, text=text, weight="warning")


def _failing(document: dict[str, Any]) -> Iterator[str]:
    checks = document.get("checks")
    for name, several in checks.items() if isinstance(checks, dict) else ():
        for one in several if isinstance(several, list) else [several]:
            if _word(one) in _BAD:
                yield str(name)


def _document(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _word(document: Any) -> str:
    word = document.get("status") if isinstance(document, dict) else None
    return word.strip().lower() if isinstance(word, str) else ""
