"""Files and consoles that should never be served, each with the proof that it is the thing itself."""

import re

from battery.model.frozen import Frozen

_ENV = r"(?m)^(?:export )?[A-Z][A-Z0-9_]{2,60}=\S"
_SQL = r"(?i)\b(?:CREATE TABLE|INSERT INTO|-- (?:MySQL|PostgreSQL) (?:database )?dump)\b"
_ZIP = r"\APK\x03\x04"
_GZIP = r"\A\x1f\x8b\x08"


class Exposure(Frozen, frozen=True, kw_only=True):
    """One path, the rule it breaks, and a pattern that only the real thing matches."""

    path: str
    rule: str
    proof: str
    html: bool = False

    def proven(self, text: str, *, is_html: bool) -> bool:
        """Whether this is the thing itself. A page instead of a file is no proof."""
        return (self.html or not is_html) and re.search(self.proof, text[:65536]) is not None


def _each(rule: str, proof: str, *paths: str, html: bool = False) -> tuple[Exposure, ...]:
    return tuple(Exposure(path=path, rule=f"target.exposed.{rule}", proof=proof, html=html) for path in paths)


EXPOSURES = (
    *_each("env", _ENV, "/.env", "/.env.local", "/.env.production", "/.env.bak", "/config/.env"),
    *_each("vcs", r"\A(?:ref: refs/|[0-9a-f]{40}\s*\Z)", "/.git/HEAD"),
    *_each("vcs", r"(?m)^\[core\]", "/.git/config"),
    *_each("vcs", r"\A(?:\d{1,3}\s|SQLite format 3)", "/.svn/entries", "/.svn/wc.db"),
    *_each("vcs", r"\Arevlogv1|\A(?:dotencode|fncache|generaldelta)", "/.hg/requires"),
    *_each("backup", _ZIP, "/backup.zip", "/site.zip", "/www.zip"),
    *_each("backup", _GZIP, "/backup.tar.gz", "/backup.sql.gz", "/dump.sql.gz"),
    *_each("backup", _SQL, "/backup.sql", "/dump.sql", "/database.sql", "/db.sql"),
    *_each("backup", r"\ASQLite format 3", "/db.sqlite3", "/database.sqlite"),
    *_each("backup", r"<\?php", "/config.php.bak", "/wp-config.php.bak", "/index.php~"),
    *_each(
        "key",
        r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
        "/id_rsa",
        "/.ssh/id_rsa",
        "/server.key",
        "/privkey.pem",
    ),
    *_each("key", r"(?m)^\[default\]\s*$[\s\S]{0,400}aws_secret", "/.aws/credentials"),
    *_each("key", r"(?m)^[^:\s]{1,64}:(?:\$|\{SHA\})", "/.htpasswd"),
    *_each("actuator", r"\"propertySources\"\s*:", "/actuator/env", "/env"),
    *_each("actuator", r"\AJAVA PROFILE", "/actuator/heapdump", "/heapdump"),
    *_each("actuator", r"\"threads\"\s*:\s*\[", "/actuator/threaddump"),
    *_each("debug-console", r"(?i)interactive console|EVALEX|__debugger__", "/console", html=True),
    *_each("debug-console", r"(?i)h2 console|jdbc:h2:", "/h2-console", "/h2-console/", html=True),
    *_each(
        "debug-console",
        r"(?i)<title>[^<]{0,60}(?:telescope|debugbar|silk|adminer)",
        "/telescope",
        "/_debugbar/open",
        "/adminer.php",
        html=True,
    ),
    *_each(
        "profile", r"(?i)full goroutine stack dump|profile\?debug|heap profile:", "/debug/pprof/", html=True
    ),
    *_each("profile", r"\"cmdline\"\s*:\s*\[", "/debug/vars"),
    *_each(
        "profile",
        r"(?i)<title>(?:apache status|phpinfo\(\)|PHP \d[\d.]{1,12} - phpinfo\(\))",
        "/server-status",
        "/phpinfo.php",
        "/info.php",
        html=True,
    ),
)
ADMIN_PATHS = ("/admin", "/admin/", "/administrator", "/admin/dashboard", "/manage", "/api/admin")
