"""Package URLs, and the URLs in them without credentials."""

import re
from urllib.parse import urlsplit, urlunsplit

from battery.scan.sbom.component import Ecosystem
from battery.scan.sbom.unreadable import SourceUnreadable, shown

_SEPARATORS = re.compile(r"[-_.]+")
_HOMES = ("https://pypi.org/simple", "https://pypi.org", "https://registry.npmjs.org")


def normal(name: str) -> str:
    """A Python package's name as indexes compare it."""
    return _SEPARATORS.sub("-", name).lower()


def purl(ecosystem: Ecosystem, name: str, version: str, **qualifiers: str) -> str:
    """The package URL. Raises: SourceUnreadable for a name that cannot be one."""
    from packageurl import PackageURL

    namespace, _, short = name.rpartition("/") if ecosystem == "npm" else ("", "", normal(name))
    kept = {key: value for key, value in qualifiers.items() if value}
    kind = "npm" if ecosystem == "npm" else "pypi"
    try:
        return PackageURL(kind, namespace or None, short, version or None, kept).to_string()
    except ValueError as error:
        raise SourceUnreadable(f"{shown(name)!r} is not a package name") from error


def local_ref(ecosystem: Ecosystem, name: str, version: str) -> str:
    """The ref of a project in the tree, which has no package URL."""
    return f"local:{ecosystem.lower()}/{name}" + (f"@{version}" if version else "")


def index_of(url: str) -> str:
    """The `repository_url` of a package: empty for the public index."""
    plain = without_credentials(url)
    return "" if plain.rstrip("/") in _HOMES else plain


def without_credentials(url: str) -> str:
    """The URL without a user and password; a bare user stays where SSH needs one (`git@`)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    user, found, host = parts.netloc.rpartition("@")
    if not found:
        return url
    keep = "ssh" in parts.scheme and ":" not in user
    return urlunsplit(parts._replace(netloc=f"{user}@{host}" if keep else host))
