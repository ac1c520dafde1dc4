"""Scores, grades and all ten results equal those of npm's @mdn/mdn-http-observatory, over real connections."""

import asyncio
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from battery.scan.target.client import Client
from battery.scan.target.observatory.report import Report, report_on
from battery.scan.target.observatory.scores import SCORES
from battery.scan.target.observing import Observed, observe
from battery.scan.target.request import ScanLimits
from battery.scan.target.scope import scope_of
from battery.scan.target.trace import Trace
from tests.integration.scan.target.conftest import Trust
from tests.integration.scan.target.sites import mixtures, peculiarities
from tests.integration.scan.target.two_schemes import Site, TwoSchemes, two_schemes

pytestmark = pytest.mark.real("node")
SCRIPT = Path(__file__).parents[3] / "assets" / "observatory" / "grade.mjs"
SEED = 20
SITES = (*peculiarities(), *mixtures(SEED, 60))


@contextmanager
def observatory(
    modules: Path, authority: str, preload: Mapping[str, object]
) -> Iterator[Callable[[str], dict[str, object]]]:
    """The npm package in a node of its own: a hostname in, its judgement out."""
    environment = {"PATH": os.environ["PATH"], "NODE_EXTRA_CA_CERTS": authority}
    command = ["node", str(SCRIPT), str(modules), json.dumps(preload)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as node:
        assert node.stdin
        assert node.stdout
        read, write = node.stdout, node.stdin

        def judge(hostname: str) -> dict[str, object]:
            write.write(hostname + "\n")
            write.flush()
            said: dict[str, object] = json.loads(read.readline())
            return said

        yield judge
        write.close()


def ours(server: TwoSchemes, ca_file: str, preload: dict[str, bool]) -> Report:
    """Our judgement of the site that is served."""
    https, http = f"https://127.0.0.1:{server.port}", f"http://127.0.0.1:{server.port}"
    limits = ScanLimits(rate=10_000, deadline=20)

    async def look() -> Report:
        client = Client(scope_of(https, http), limits, Trace(), scanner="headers", common={}, ca_file=ca_file)
        seen = await observe(client, "/", preload)
        assert isinstance(seen, Observed), seen
        return report_on(seen.observation)

    return asyncio.run(look())


@pytest.fixture(scope="module")
def served(trust: Trust) -> Iterator[TwoSchemes]:
    """A server whose site changes."""
    with two_schemes(trust.server) as server:
        yield server


def differences(
    modules: Path, served: TwoSchemes, sites: tuple[Site, ...], ca_file: str = "", preload: bool = False
) -> list[str]:
    """Every difference, in words."""
    found = []
    entry = {"mode": "force-https", "includeSubDomains": False}
    # The package looks its own host up with the port, and the hosts of redirects without.
    known = {"127.0.0.1": entry, f"127.0.0.1:{served.port}": entry} if preload else {}
    with observatory(modules, ca_file or os.devnull, known) as judge:
        for site in sites:
            served.site = site
            theirs = judge(f"127.0.0.1:{served.port}")
            report = ours(served, ca_file, {"127.0.0.1": False} if preload else {})
            mine = {"score": report.score, "grade": report.grade, "results": report.results}
            if mine != theirs:
                found.append(f"{site.name}\n  theirs {theirs}\n  ours   {mine}")
    return found


@pytest.fixture
def package(npm_modules: Path) -> Path:
    """The folder of npm packages, with the Observatory in it."""
    if not (npm_modules / "@mdn" / "mdn-http-observatory").is_dir():
        message = "npm's @mdn/mdn-http-observatory is not installed: .ci/install-tools installs it"
        if os.environ.get("BATTERY_REQUIRE_REAL") == "1":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    return npm_modules


def test_results_scores_and_grades_are_those_of_the_npm_package(
    package: Path, served: TwoSchemes, trust: Trust
) -> None:
    assert len(SITES) >= 60
    assert differences(package, served, SITES, str(trust.authority)) == []


def test_a_certificate_nobody_trusts_is_judged_alike(package: Path, served: TwoSchemes) -> None:
    assert differences(package, served, tuple(mixtures(SEED + 1, 8))) == []


def test_a_preloaded_host_is_judged_alike(package: Path, served: TwoSchemes, trust: Trust) -> None:
    sites = tuple(mixtures(SEED + 2, 8))
    assert differences(package, served, sites, str(trust.authority), preload=True) == []


def test_a_reflected_origin_is_judged_as_the_package_means_to(
    package: Path, served: TwoSchemes, trust: Trust
) -> None:
    """Its retriever loses the Origin header of its own request, so that its rule never strikes over a connection."""
    served.site = Site(name="reflects", reflect=True)
    result = ours(served, str(trust.authority), {}).results["cross-origin-resource-sharing"]
    command = ["node", str(SCRIPT.with_name("cors.mjs")), str(package)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert said.stdout.split() == [result, str(SCORES[result])]
