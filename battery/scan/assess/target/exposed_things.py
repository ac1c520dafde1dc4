"""Sites that serve what should not be served, and sites that only seem to: catch-alls, samples, login pages."""

from collections.abc import Iterator
from random import Random

from battery.scan.assess.case import Bench, Case, Exam, Sizes
from battery.scan.assess.target.probe import Probe, target_exam
from battery.scan.assess.target.site import HTML, JSON, TEXT, Said, Site
from battery.scan.assess.templates import filled, taken
from battery.scan.assess.words import Words

Planted = tuple[str, Said]
_ZIP, _GZIP = "PK\x03\x04", "\x1f\udc8b\x08"


def _text(path: str, body: str) -> Planted:
    return path, Said(200, (TEXT,), body)


def _page(path: str, body: str) -> Planted:
    return path, Said(200, (HTML,), body)


def _json(path: str, body: str) -> Planted:
    return path, Said(200, (JSON,), body)


_PEM = "-----BEGIN {}PRIVATE " + "KEY-----\n«base»\n«base2»\n"
_DASHBOARD = "<title>Administration</title><p>users, roles and settings of «word»"
THINGS: dict[str, tuple[tuple[Planted, ...], tuple[Planted, ...]]] = {
    "target.exposed.env": (
        (
            _text("/.env", "DB_PASS" + "WORD=«secret»\n«constant»=«number»\n"),
            _text("/.env.production", "export «constant»=«secret»\n"),
            _text("/config/.env", "«constant»=«secret»\n«constant2»=«number»\n"),
        ),
        (
            _page("/.env", "<h1>«text»</h1>"),
            _text("/.env", "«constant»=\n# fill in\n"),
            _text("/.env", "not here\n"),
            _text("/.env.bak", "«text»\n"),
        ),
    ),
    "target.exposed.vcs": (
        (
            _text("/.git/HEAD", "ref: refs/heads/«word»\n"),
            _text("/.git/config", "[core]\n\tbare = false\n"),
            _text("/.git/HEAD", "«commit»\n"),
            _text("/.svn/entries", "12\n\ndir\n"),
        ),
        (
            _page("/.git/HEAD", "<p>ref: nothing"),
            _text("/.git/HEAD", "see /«word»\n"),
            _json("/.git/config", '{"core": 1}'),
        ),
    ),
    "target.exposed.backup": (
        (
            _text("/backup.zip", _ZIP + "«base»"),
            _text("/dump.sql", "CREATE TABLE «word» (id int);\nINSERT INTO «word» VALUES (1);\n"),
            _text("/backup.tar.gz", _GZIP + "«base»"),
            _text("/db.sqlite3", "SQLite format 3\0«base»"),
            _text("/wp-config.php.bak", "<?php define('«constant»', 1);"),
        ),
        (
            _page("/backup.zip", "<h1>No backup here</h1>"),
            _text("/dump.sql", "there is no dump of «word»\n"),
            _page("/index.php~", "<p>&lt;?php «text»"),
            _json("/backup.sql", '{"error": "«text»"}'),
        ),
    ),
    "target.exposed.key": (
        (
            _text("/id_rsa", _PEM.format("RSA ")),
            _text("/server.key", _PEM.format("")),
            _text("/.htpasswd", "«word»:$2y$10$«commit»\n"),
            _text(
                "/.aws/credentials",
                "[default]\naws_access_key_id = «word»\naws_secret_access_key = «commit»\n",
            ),
        ),
        (
            _text("/server.key", "-----BEGIN PUBLIC KEY-----\n«base»\n"),
            _text("/id_rsa", "ssh-rsa «base»\n"),
            _text("/.htpasswd", "«word» «word2»\n"),
            _page("/privkey.pem", "<p>A private key begins with BEGIN."),
        ),
    ),
    "target.exposed.actuator": (
        (
            _json("/actuator/env", '{"activeProfiles": [], "propertySources": [{"name": "«word»"}]}'),
            _text("/actuator/heapdump", "JAVA PROFILE 1.0.2\0«base»"),
            _json("/actuator/threaddump", '{"threads": [{"threadName": "«word»"}]}'),
        ),
        (
            _json("/actuator/env", '{"status": "UP"}'),
            _json("/env", '{"environment": "«word»"}'),
            _json("/actuator/threaddump", '{"threads": «number»}'),
        ),
    ),
    "target.exposed.debug-console": (
        (
            _page("/console", "<title>Console</title><h1>Interactive Console</h1>"),
            _page("/h2-console", "<title>H2 Console</title><p>jdbc:h2:~/«word»"),
            _page("/telescope", "<title>Telescope - «word»</title>"),
        ),
        (
            _page("/console", "<title>Game consoles</title><p>«text»"),
            _page("/telescope", "<title>«title»</title><p>A telescope for the «word»"),
            _page("/h2-console", "<h2>Console tables</h2><p>«text»"),
        ),
    ),
    "target.exposed.profile": (
        (
            _page(
                "/debug/pprof/", "<p>heap profile: <a href='goroutine?debug=2'>full goroutine stack dump</a>"
            ),
            _json("/debug/vars", '{"cmdline": ["/srv/«word»"], "memstats": {}}'),
            _page("/server-status", "<title>Apache Status</title>"),
            _page("/phpinfo.php", "<title>PHP 8.1.«octet» - phpinfo()</title>"),
        ),
        (
            _json("/debug/vars", '{"«word»": 1}'),
            _page("/server-status", "<title>Our status</title><p>«text» all well"),
            _page("/info.php", "<title>About «word»</title>"),
        ),
    ),
    "target.exposed.admin": (
        (
            _page("/admin", _DASHBOARD),
            _page("/manage", "<title>Dashboard</title><p>permissions: «text»"),
            _json("/api/admin", '{"users": ["«word»"], "roles": ["«word2»"]}'),
        ),
        (
            _page("/admin", "<title>Administration</title><form>Log in <input type=password></form>"),
            _page("/manage", "<title>«title»</title><p>Manage your «word»"),
            ("/admin/", Said(401, (JSON,), '{"error": "admin only"}')),
            ("/admin", Said(302, (("Location", "/login"),), "")),
        ),
    ),
}
# A site that says the same to every path: whatever it says there, nothing is exposed.
_CATCH_ALL = {
    "target.exposed.env": _text("", "«constant»=«secret»\n"),
    "target.exposed.vcs": _text("", "ref: refs/heads/«word»\n"),
    "target.exposed.backup": _text("", "CREATE TABLE «word» (id int);\n"),
    "target.exposed.admin": _page("", _DASHBOARD),
}


def exposed_probes(words: Words, size: int) -> Iterator[Probe]:
    """Sites that each are a case for every rule: half of them with the rule's thing, half with something like it."""
    plans = {rule: _plan(rule, words, size) for rule in THINGS}
    for number in range(2 * size):
        chosen = {rule: plan[number] for rule, plan in plans.items()}
        cases, pages = [], {}
        for rule, (defect, template, (path, said)) in chosen.items():
            cases.append(Case(rule=rule, place=f"exposed {number:02}", defect=defect, template=template))
            pages[path] = said._replace(body=filled(said.body, words))
        yield Probe(cases=tuple(cases), scanner="exposed", site=_site(pages))
    for rule, (_, said) in _CATCH_ALL.items():
        for number in range(max(size // 4, 1)):
            page = said._replace(body=filled(said.body, words))
            case = Case(
                rule=rule,
                place=f"{rule} catch-all {number}",
                defect=False,
                template="the same for every path",
            )
            yield Probe(cases=(case,), scanner="exposed", site=_same(page))


def _plan(rule: str, words: Words, size: int) -> list[tuple[bool, str, Planted]]:
    """For each site whether this rule's thing is there, and what it is."""
    defects, benign = THINGS[rule]
    plan = [(True, f"{one[0]}: {one[1].body[:60]}", one) for one in taken(defects, size, words.random)]
    plan += [(False, f"{one[0]}: {one[1].body[:60]}", one) for one in taken(benign, size, words.random)]
    words.random.shuffle(plan)
    return plan


def _site(pages: dict[str, Said]) -> Site:
    return lambda heard: pages.get(heard.path, Said(404, (TEXT,), "not found"))


def _same(page: Said) -> Site:
    return lambda _: page


def _exam(source: Random, sizes: Sizes) -> Exam:
    return target_exam(tuple(exposed_probes(Words(Random(f"{source.random()}")), sizes.target)))


EXPOSED = Bench(name="exposed", exam=_exam)
