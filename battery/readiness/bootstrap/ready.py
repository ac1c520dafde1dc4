"""Whether the target is ready: one look at its ready URL."""

import httpx

_SECONDS = 2.0


class ReadyProbe:
    """Asks one URL; a context that closes its connections. Nothing of the machine's proxies is asked."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = httpx.Client(timeout=_SECONDS, trust_env=False, follow_redirects=False)
        self.last = "nobody asked yet"

    def __enter__(self) -> "ReadyProbe":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def is_ready(self) -> bool:
        """Whether it answers with 2xx at this moment; `last` keeps what it said."""
        try:
            with self._http.stream("GET", self._url) as answer:
                self.last = f"HTTP {answer.status_code}"
                return answer.is_success
        except httpx.HTTPError as error:
            self.last = type(error).__name__
            return False
        except httpx.InvalidURL as error:
            self.last = f"no URL: {error}"
            return False
