"""The starter: a commented battery.toml from what discovery found."""

from battery.definitions.discovery import Discovery
from battery.definitions.spelling import quoted


def starter_toml(found: Discovery, url: str) -> str:
    """The text of a battery.toml that loads as it is; what was not found stands in it as a comment, and so does that a URL is a guess."""
    sections = [_head(found), _target(found, url), _endpoint(found), _source(found), _rest(found)]
    return "\n".join(sections)


def _head(found: Discovery) -> str:
    framework = f" By its manifest, the service is built with {found.framework}." if found.framework else ""
    return f"# What the hardening battery certifies, and how to reach it.{framework}\n# `battery schema` prints every key; `battery doctor` checks this file.\n"


def _target(found: Discovery, url: str) -> str:
    guessed = "" if url else "a guess: put the right one here; "
    lines = [
        "[target]",
        f"url = {quoted(url or found.url)}   # {guessed}loopback or a host that is yours to attack",
    ]
    lines.append(_line("live", found.live, "/health/live", "the process is up"))
    lines.append(_line("ready", found.ready, "/health/ready", "and can serve"))
    lines.append('# status = "/health/status"   # the whole in one word; G6 asks live, ready and status')
    lines.append(_line("metrics", found.metrics, "/metrics", "Prometheus text"))
    if found.version:
        lines.append(
            f"identity = {{ path = {quoted(found.version)} }}   # proves what is served, before and after"
        )
    else:
        lines.append(
            '# identity = { path = "/version", json = "commit" }   # proves what is served, before and after'
        )
    lines.append('# headers = { Authorization = "env:API_TOKEN" }   # secrets only by reference')
    return "\n".join(lines) + "\n"


def _endpoint(found: Discovery) -> str:
    path = found.ready or found.live or "/"
    return f"""# What load and scans send; one table for each request that matters.
[[endpoint]]
name = "first"
path = {quoted(path)}
weight = 1
class = "light"   # light or heavy; P5 mixes them
expect = {{ status = [200] }}
"""


def _source(found: Discovery) -> str:
    lines = ["[source]", 'path = "."']
    lines.append(
        _line(
            "coverage",
            found.coverage,
            "coverage.xml",
            "coverage.py JSON/XML, Cobertura, LCOV or JaCoCo; G1 judges it",
        )
    )
    return "\n".join(lines) + "\n"


def _rest(found: Discovery) -> str:
    lines = []
    if found.bootstrap:
        lines += [
            "[bootstrap]",
            f"command = [{', '.join(quoted(word) for word in found.bootstrap.split())}]   # from a clean checkout to ready; G7 times it",
            "",
        ]
    else:
        lines += [
            "# [bootstrap]",
            '# command = ["make", "bootstrap"]   # from a clean checkout to ready; G7 times it',
            '# ready = "/health/ready"   # asked on a free port, which is handed in as PORT',
            "",
        ]
    lines.append("[docs]")
    lines.append(_line("quickstart", found.quickstart, "docs/quickstart.md", "G8 runs it as written"))
    lines.append(_line("runbooks", found.runbooks, "docs/runbooks", "one for each alert"))
    lines += [
        '# openapi = "/openapi.json"   # or a file of the tree; knows every endpoint that the battery calls',
        "",
        "[security]",
        '# vulnerabilities = "osv"   # a folder or zip of OSV records, or "online"; without it G5 stays undecided',
        '# logs = ["app.log"]   # scanned for secrets and attacks; or "journal:UNIT"',
        "# public = true   # nobody needs an identity; else name [[security.identity]] and [[security.access]]",
        "",
        "[observability]",
        '# rules = ["alerts"]   # Prometheus rule files, from the source tree; G6 asks whether each alert can fire',
        '# dashboards = ["dashboards"]   # Grafana JSON',
        '# objectives = ["objectives.toml"]   # `battery slo` writes their burn-rate alerts',
        '# logs = ["app.log"]   # structured, with request ids, without secrets',
        '# not_applicable = { tracing = "why" }   # a part that is only absent is undecided',
        "",
        "[capabilities]",
        '# required = ["restart", "audit"]   # those that must be complete; the report shows all eight',
        '# restart = { count = { path = "/health/status", json = "restarts" } }   # with [process] supervised = true',
        "",
        "# [gates.limit]",
        '# "G2:load.p1.p99" = 300   # stricter is fine; a loosened rule shows on the certificate',
    ]
    return "\n".join(lines) + "\n"


def _line(key: str, value: str, example: str, comment: str) -> str:
    return (
        f"{key} = {quoted(value)}   # {comment}"
        if value
        else f"# {key} = {quoted(example)}   # {comment}; not found here"
    )
