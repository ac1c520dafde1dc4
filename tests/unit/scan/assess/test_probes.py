"""Probes: a site is served while its scanner looks, and a look that did not end gives no numbers."""

import asyncio
from random import Random

import pytest
from msgspec import structs

from battery.scan.assess.case import Case, Sighting
from battery.scan.assess.source.files import AssessmentBroken
from battery.scan.assess.target.probe import LIMITS, Probe, probes_of, target_exam
from battery.scan.assess.target.rough import CRASHES, CROWDS, HANGS, ROUGH
from battery.scan.assess.target.server import serving
from battery.scan.assess.target.site import SILENT, Heard, Said, Site, fixed, sound, with_headers
from battery.scan.assess.words import Words

RULE = "target.headers.nosniff"


def case(name: str = "here", *, defect: bool = True) -> Case:
    return Case(rule=RULE, place=name, defect=defect)


def plain(head: bytes = b"GET / HTTP/1.1\r\nUser-Agent: hardening-battery\r\n\r\n") -> Heard:
    return Heard("GET", "/", "", {}, "127.0.0.1", "http", head)


def test_what_a_scanner_finds_is_told_by_the_place_of_its_case() -> None:
    good = with_headers(("X-Content-Type-Options", "nosniff"))
    probes = [
        Probe(cases=(case("bad"),), scanner="headers", site=sound),
        Probe(cases=(case("good", defect=False),), scanner="headers", site=good),
    ]
    assert target_exam(probes).look() == {Sighting(RULE, "bad")}


def test_a_look_that_does_not_end_in_time_gives_no_numbers() -> None:
    slow = Probe(
        cases=(case(),),
        scanner="headers",
        site=lambda _: Said(wait=60),
        limits=structs.replace(LIMITS, seconds=0.2),
    )
    with pytest.raises(
        AssessmentBroken, match=r"the scanner headers had not ended at the case here after 0 s"
    ):
        target_exam([slow]).look()


def test_each_rule_gets_as_many_sites_of_each_kind_as_asked_for() -> None:
    probes = probes_of(
        "headers", {RULE: ((("a", fixed(sound)),), (("b", fixed(sound)),))}, Words(Random(1)), 3
    )
    assert [probe.cases[0].defect for probe in probes] == [True] * 3 + [False] * 3
    assert [probe.cases[0].template for probe in probes] == ["a"] * 3 + ["b"] * 3


def test_a_server_answers_refuses_to_and_stops_in_the_middle_of_a_wait() -> None:
    said = {"/": Said(body="here"), "/silent": SILENT, "/slow": Said(wait=60)}

    async def asked(port: int, path: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\n\r\n".encode())
        try:
            return await reader.read(1000)
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def talk() -> list[bytes]:
        async with serving(lambda heard: said[heard.path]) as port:
            slow = asyncio.create_task(asked(port, "/slow"))
            answers = [await asked(port, "/"), await asked(port, "/silent")]
            await asyncio.sleep(0)
        return [*answers, await slow]

    first, second, third = asyncio.run(talk())
    assert first.startswith(b"HTTP/1.1 200 said\r\n")
    assert first.endswith(b"\r\n\r\nhere")
    assert (second, third) == (b"", b"")


SITES = [
    (rule, name, make)
    for rules in (ROUGH, CRASHES, CROWDS, HANGS)
    for rule, options in rules.items()
    for some in options
    for name, make in some
]


@pytest.mark.parametrize(("rule", "name", "make"), SITES, ids=[f"{rule} {name}" for rule, name, _ in SITES])
def test_every_rough_site_is_healthy_to_begin_with(rule: str, name: str, make: object) -> None:
    site: Site = make(Words(Random(1)))  # type: ignore[operator] # a maker of sites
    assert site(plain()).status == 200


def test_a_site_that_stumbles_is_back_after_a_request_and_a_dying_one_never_is() -> None:
    benign = dict(CRASHES["target.robustness.crash"][1])
    stumbling = next(make for name, make in benign.items() if name.startswith("503 for 1"))(Words(Random(1)))
    dying = CRASHES["target.robustness.crash"][0][1][1](Words(Random(1)))
    bad = plain(b"GET / HTTP/1.1\r\nX-Nul: a\r\nContent-Length: ten\r\n\r\n")
    assert [stumbling(one).status for one in (bad, plain(), plain())] == [503, 503, 200]
    assert [dying(one).status for one in (bad, plain(), plain())] == [503, 503, 503]
