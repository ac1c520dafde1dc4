"""Asking a target: requests as battery.toml gives them, and values that the target tells."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

import httpx

from battery.model.capabilities import JOB, NUMBER, Call, Told
from battery.model.definition import Definition
from battery.readiness.capabilities.probes.answer import Answer
from battery.readiness.observability.metrics.exposition import Exposition, ExpositionUnreadable
from battery.readiness.observability.metrics.reading import read_exposition
from battery.redaction import resolve

_MOST_BYTES = 4 * 2**20
_AT_ONCE = 16


class Asker:
    """Sends requests over a client of the target; raises nothing for what the target does."""

    def __init__(self, http: httpx.Client, definition: Definition, environ: Mapping[str, str]) -> None:
        self._http, self._environ = http, environ
        self._own = tuple(definition.target.headers)
        self._metrics = definition.target.metrics or ""

    def ask(self, call: Call, *, number: int = 0, job: str = "") -> Answer:
        """Send one request. Raises: UsageError when a header's variable is not set."""
        path = call.path.replace(NUMBER, str(number)).replace(JOB, job)
        headers = {name: resolve(value, self._environ) for name, value in call.headers.items()}
        body = call.body.replace(NUMBER, str(number)).encode()
        if body and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json"
        request = self._http.build_request(call.method, path, headers=headers, content=body or None)
        for name in self._own if call.anonymous else ():
            if name not in headers:
                request.headers.pop(name, None)
        return self._sent(request)

    def get(self, path: str) -> Answer:
        """GET one path with the target's own headers."""
        return self.ask(Call(path=path))

    def flood(self, call: Call, numbers: Iterable[int]) -> list[Answer]:
        """Send one request a number, several at once; the answers in the order of the numbers."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(lambda number: self.ask(call, number=number), numbers))

    def value(self, told: Told | None) -> object:
        """What the target tells there; none where nobody says where, or it tells nothing."""
        if told is None:
            return None
        if told.metric:
            return self._metric(told.metric)
        answer = self.ask(Call(path=told.path or "/", headers=told.headers))
        return answer.at(told.json or "")

    def number(self, told: Told | None) -> int | None:
        """The same where it is a count."""
        value = self.value(told)
        return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    def exposition(self) -> Exposition | None:
        """The target's metrics; none where it has none that can be read."""
        answer = self.get(self._metrics) if self._metrics else Answer(status=0)
        try:
            return read_exposition(answer.body) if answer.ok else None
        except ExpositionUnreadable:
            return None

    def _metric(self, name: str) -> float | None:
        """The sum over a metric's series."""
        exposition = self.exposition()
        samples = exposition.by_name.get(name, ()) if exposition else ()
        return sum(sample.value for sample in samples) if samples else None

    def _sent(self, request: httpx.Request) -> Answer:
        try:
            answer = self._http.send(request, stream=True)
            try:
                body = b""
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > _MOST_BYTES:
                        break
            finally:
                answer.close()
        except httpx.HTTPError as error:
            return Answer(status=0, trouble=f"no answer: {type(error).__name__}")
        return Answer(status=answer.status_code, body=body[:_MOST_BYTES])
