"""The requests to a Toxiproxy server that undo a network fault; none touches what is not ours."""

import http.client
import json
from urllib.parse import quote, urlsplit

from battery.chaos.undo.outcome import Outcome

TIMEOUT_SECONDS = 2.0
_USER_AGENT = "hardening-battery"


def remove_toxic(url: str, proxy: str, toxic: str) -> Outcome:
    """Remove one toxic by name; gone already is as good."""
    what = f'toxic "{toxic}" on proxy "{proxy}"'
    path = f"/proxies/{quote(proxy, safe='')}/toxics/{quote(toxic, safe='')}"
    return _outcome(url, "DELETE", path, None, f"{what} was removed", f"{what} was gone already")


def enable_proxy(url: str, proxy: str) -> Outcome:
    """Enable a proxy."""
    path = f"/proxies/{quote(proxy, safe='')}"
    return _outcome(
        url,
        "POST",
        path,
        {"enabled": True},
        f'proxy "{proxy}" was enabled',
        f'proxy "{proxy}" was gone already',
    )


def delete_proxy(url: str, proxy: str) -> Outcome:
    """Delete a proxy of ours."""
    what = f'proxy "{proxy}"'
    path = f"/proxies/{quote(proxy, safe='')}"
    return _outcome(url, "DELETE", path, None, f"{what} was deleted", f"{what} was gone already")


def _outcome(
    url: str, method: str, path: str, body: dict[str, bool] | None, done: str, absent: str
) -> Outcome:
    try:
        status, said = _request(url, method, path, body)
    except ConnectionRefusedError:
        # A server keeps its proxies and toxics in memory: they ended with it.
        return Outcome(done=True, words=f"{absent}: no server listens at {url} any more")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome(
            done=False,
            words=f"not certain that {done}: {url} gave no answer ({str(error) or type(error).__name__})",
        )
    if status == 404:
        return Outcome(done=True, words=f"{absent} at {url}")
    if 200 <= status < 300:
        return Outcome(done=True, words=f"{done} at {url}")
    return Outcome(done=False, words=f"not certain that {done}: {url} answered {status} {said}")


def _request(url: str, method: str, path: str, body: dict[str, bool] | None) -> tuple[int, str]:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    try:
        headers = {"User-Agent": _USER_AGENT, "Content-Type": "application/json"}
        text = None if body is None else json.dumps(body)
        connection.request(method, parts.path.rstrip("/") + path, text, headers)
        with connection.getresponse() as response:
            return response.status, response.read(200).decode("utf-8", "replace").strip()
    finally:
        connection.close()
