"""Guardian defence: abuse of requests and of credentials, the isolation of one caller, lockdown and its release."""

from collections.abc import Callable

from battery.model.capabilities import Call, GuardianShown
from battery.model.quantity import seconds
from battery.readiness.capabilities.capability import Known
from battery.readiness.capabilities.guardian import GuardianFacts
from battery.readiness.capabilities.probes.answer import LIMITED
from battery.readiness.capabilities.probes.asking import Asker
from battery.readiness.capabilities.probes.waiting import until

_SOON = 5.0


class GuardianProbe:
    """Tries each defence once, and takes back what it asked for."""

    def __init__(self, asker: Asker, shown: GuardianShown, tell: Callable[[str], None]) -> None:
        self._asker, self._shown, self._tell = asker, shown, tell
        self._patience = seconds(shown.patience)
        self._soon = min(_SOON, self._patience)

    def facts(self) -> GuardianFacts:
        """Everything that battery.toml gives requests for."""
        isolated, others = self._isolation()
        refuses, released = self._lockdown()
        # Last, because whoever abuses is limited for a while.
        guessing = self._guessing()
        flooding = self._flooding()
        return GuardianFacts(
            rate_abuse_limited=flooding,
            auth_abuse_limited=guessing,
            source_isolated=isolated,
            others_served=others,
            lockdown_refuses=refuses,
            lockdown_released=released,
        )

    def _flooding(self) -> Known:
        call, many = self._shown.abuse, self._shown.abuse_requests
        if call is None:
            return None
        answers = self._asker.flood(call, range(many))
        limited = sum(answer.status == 429 for answer in answers)
        self._tell(f"{many} requests at once: {limited} answered 429")
        self._served_again(call, "the abuser")
        return limited > 0 if any(answer.status for answer in answers) else None

    def _guessing(self) -> Known:
        call, tries = self._shown.credentials, self._shown.credential_tries
        if call is None:
            return None
        first = self._asker.ask(call)
        if first.ok or not first.status:
            self._tell(f"the wrong credentials were answered with {first}: nothing can be told of guessing")
            return None
        for number in range(1, tries):
            answer = self._asker.ask(call, number=number)
            if answer.status in LIMITED and answer.status != first.status:
                self._tell(f"guess {number + 1} was answered {answer} instead of {first}")
                until(
                    lambda: self._asker.ask(call).status, lambda now: now == first.status, self._patience, 0.5
                )
                return True
        self._tell(f"{tries} guesses were all answered {first}")
        return False

    def _isolation(self) -> tuple[Known, Known]:
        """Whether the isolated caller was refused, and others served meanwhile."""
        isolate, isolated, others = self._shown.isolate, self._shown.isolated, self._shown.others
        if isolate is None or isolated is None or not self._is_served(isolated, "the caller to isolate"):
            return None, None
        try:
            if not self._is_served(isolate, "isolation"):
                return None, None
            refused = until(lambda: self._asker.ask(isolated).refused, bool, self._soon)
            served = None if others is None else self._asker.ask(others).ok
        finally:
            if self._shown.end_isolation:
                self._is_served(self._shown.end_isolation, "the end of isolation")
        if self._shown.end_isolation:
            self._served_again(isolated, "the isolated caller")
        return refused, served

    def _lockdown(self) -> tuple[Known, Known]:
        """Whether a request was refused in lockdown, and served after its release."""
        lockdown, locked, release = self._shown.lockdown, self._shown.locked, self._shown.release
        if lockdown is None or locked is None or release is None:
            return None, None
        if not self._is_served(locked, "the request to lock out"):
            return None, None
        try:
            if not self._is_served(lockdown, "lockdown"):
                return None, None
            refused = until(lambda: self._asker.ask(locked).refused, bool, self._soon)
        finally:
            released = self._is_served(release, "the release")
        return refused, released and self._served_again(locked, "the request that was locked out")

    def _is_served(self, call: Call, what: str) -> bool:
        answer = self._asker.ask(call)
        if not answer.ok:
            self._tell(f"{what}: {call.method} {call.path} was answered with {answer}")
        return answer.ok

    def _served_again(self, call: Call, who: str) -> bool:
        served = until(lambda: self._asker.ask(call).ok, bool, self._patience, 0.5)
        if not served:
            self._tell(f"{who} was not served again within {self._patience:g} s")
        return served
