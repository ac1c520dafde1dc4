"""The counters of `--metrics`, in Prometheus' text format: bytes of each proxy and direction."""

from battery.chaos.toxiproxy.server.api.answer import Answer
from battery.chaos.toxiproxy.server.plane.collection import Collection

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_NAMES = ("toxiproxy_proxy_received_bytes_total", "toxiproxy_proxy_sent_bytes_total")


async def metrics(proxies: Collection) -> Answer:
    """All counters; they count while a connection lives, where the original waits for its end."""
    return Answer(status=200, body=_told(proxies).encode(), headers={"Content-Type": _TYPE})


def _told(proxies: Collection) -> str:
    lines: list[str] = []
    for index, name in enumerate(_NAMES):
        lines += [f"# HELP {name} ", f"# TYPE {name} counter"]
        for proxy in proxies.all():
            for direction, passed in sorted(proxy.journal.passed().items()):
                labels = {
                    "direction": direction,
                    "listener": proxy.listen,
                    "proxy": proxy.name,
                    "upstream": proxy.upstream,
                }
                told = ",".join(f'{key}="{_escaped(value)}"' for key, value in labels.items())
                lines.append(f"{name}{{{told}}} {passed[index]}")
    return "\n".join(lines) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
