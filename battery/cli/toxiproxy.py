"""toxiproxy: a Toxiproxy server: the original's API and toxics, and some of the battery's own."""

import argparse
from pathlib import Path

from battery.cli.output import say


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--host", default="127.0.0.1", help="listen here for the API (default: 127.0.0.1)")
    parser.add_argument(
        "--port", type=int, default=8474, help="and at this port (default: 8474; 0: a free one)"
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="JSON list of proxies to begin with")
    parser.add_argument("--metrics", action="store_true", help="count bytes at /metrics, for Prometheus")
    parser.epilog = (
        "Whoever reaches the API can open ports here and connect from here: keep it on loopback. "
        "Beyond the original: the toxics `connect` (delay, refuse) and `stall` (percent, delay), the attribute "
        "`first` of every toxic (only so many connections), and GET /proxies/NAME/connections, the journal."
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    from battery.chaos.toxiproxy.server.serving import Settings, serve_until_signal

    settings = Settings(
        host=arguments.host, port=arguments.port, config=arguments.config, metrics=arguments.metrics
    )
    serve_until_signal(settings, _announce)
    say("stopped: every proxy is closed")
    return 0


def _announce(host: str, port: int, proxies: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    say(f"http://{shown}:{port}: Toxiproxy's API, {proxies} proxies; Ctrl-C stops it")
