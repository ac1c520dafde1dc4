"""A stand-in for schemathesis: reads the document, asks every GET operation once through the proxy, writes the report.

`fake_schemathesis.py MODE …` with the command line of the real one. Modes: sound, silent (no report), garbage,
hanging, partial, and straying, which tries to leave the scope.
"""

import argparse
import http.client
import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit


def ask(proxy: str, method: str, url: str) -> tuple[int, bytes]:
    """One request through the proxy."""
    connection = http.client.HTTPConnection(urlsplit(proxy).netloc, timeout=20)
    headers = {"Host": urlsplit(url).netloc}
    if token := os.environ.get("BATTERY_HEADER_0"):
        headers["Authorization"] = token
    connection.request(method, url, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def failures_of(url: str, proxy: str) -> list[dict[str, object]]:
    """What the operations did wrong."""
    found: list[dict[str, object]] = []
    for path, item in json.loads(Path("openapi.json").read_text())["paths"].items():
        if "get" not in item:
            continue
        status, body = ask(proxy, "GET", url + path)
        if item["get"].get("security") and status < 300 and "BATTERY_HEADER_0" not in os.environ:
            found.append({"type": "IgnoredAuth", "title": "Auth ignored", "operations": [f"GET {path}"]})
        if status >= 500:
            found.append({"type": "ServerError", "title": "Server error", "operations": [f"GET {path}"]})
            found.append({"type": "ServerError", "title": "Server error", "operations": [f"TRACE {path}"]})
        elif b'"id"' not in body:
            found.append(
                {
                    "type": "JsonSchemaError",
                    "title": "Response violates schema",
                    "operations": [f"GET {path}"],
                }
            )
    return found


def main() -> int:
    """Behave as the mode says."""
    mode = sys.argv[1]
    parser = argparse.ArgumentParser()
    for name in ("--url", "--proxy", "--report-json-path", "--seed"):
        parser.add_argument(name, required=True)
    options, _ = parser.parse_known_args(sys.argv[2:])
    if mode == "silent":
        print("Error: the document makes me sad")
        return 2
    if mode == "hanging":
        time.sleep(600)
    if mode == "straying":
        for method, url in (
            ("GET", "http://elsewhere.example/"),
            ("DELETE", options.url + "/items"),
            ("GET", "ftp://elsewhere.example/"),
            ("CONNECT", "elsewhere.example:443"),
        ):
            print(ask(options.proxy, method, url))
    operations = sum("get" in item for item in json.loads(Path("openapi.json").read_text())["paths"].values())
    report = {
        "schemathesis_version": "4.0-fake",
        "complete": mode != "partial",
        "stop_reason": "interrupted" if mode == "partial" else "completed",
        "operations": {"total": operations, "selected": operations, "tested": operations, "errored": 0},
        "test_cases": {"generated": operations},
        "failures": failures_of(options.url, options.proxy),
        "errors": [],
        "something else": {},
    }
    text = "garbage" if mode == "garbage" else json.dumps(report)
    Path(options.report_json_path).write_text(text)
    return 1


if __name__ == "__main__":
    sys.exit(main())
