"""Judging: which rule a setting breaks. Each function looks at one setting; a file's other settings count for CORS only."""

import re
from collections.abc import Callable, Iterable, Iterator

from battery.model.frozen import Frozen
from battery.scan.source.configuration.secret_values import is_default, is_secret
from battery.scan.source.configuration.setting import Setting

_DEBUG = frozenset(
    {"debug", "flask_debug", "app_debug", "django_debug", "template_debug", "debug_mode", "quart_debug"}
)
_ENVIRONMENT = frozenset({"flask_env", "app_env", "rails_env", "django_env", "quart_env"})
_VERIFY = re.compile(
    r"(?:^|_)(?:ssl|tls|cert(?:ificate)?s?|https)_(?:[a-z]+_)?verif(?:y|ication)(?:_enabled|_peer|_mode|_host)?$"
    r"|(?:^|_)verif(?:y|ication)_(?:ssl|tls|certs?|certificates?|peer|host|hostname)(?:_enabled)?$"
    r"|strict_ssl$|check_hostname$|reject_unauthorized$|^pythonhttpsverify$"
)
_VERIFY_INSIDE = re.compile(r"(?:^|[._])(?:ssl|tls|https)\.verify(?:_peer|_mode)?$")
_NO_VERIFY = re.compile(
    r"insecure_skip_verify$|skip_(?:ssl|tls)_verif(?:y|ication)$|(?:ssl|tls)_no_verify$|allow_insecure_tls$"
)
_CORS_ALL = frozenset({"cors_origin_allow_all", "cors_allow_all_origins"})
_CORS = re.compile(
    r"(?:allow(?:ed)?|cors)_origins?$|access_control_allow_origin$|cors\.origins?$|cors_allowed_origins$"
)
_CREDENTIALS = re.compile(r"(?:cors_)?(?:allow|support)s?_credentials$")
_HOSTS = frozenset({"allowed_hosts", "trusted_hosts", "valid_hosts", "allowed_host"})
_COOKIE = re.compile(r"cookie_?(?:secure|http_?only)$")
_ON_THIS_MACHINE = re.compile(r"[@/](?:localhost|127\.0\.0\.1|\[::1\])[:/]")
_DEVELOPMENT = re.compile(
    r"(?:^|[._/-])(?:dev|devel|development|local|tests?|testing|examples?|samples?|templates?|dist|ci)(?:[._/-]|$)",
    re.IGNORECASE,
)


class Breach(Frozen, frozen=True, kw_only=True):
    """A setting that breaks a rule; of a secret value nothing is shown."""

    rule: str
    setting: Setting
    secret: bool = False


def breaches(kind: str, settings: Iterable[Setting]) -> Iterator[Breach]:
    """What the settings of one file break."""
    every = tuple(settings)
    allowing = [
        setting.path[:-1] for setting in every if _CREDENTIALS.search(setting.words) and setting.is_on
    ]
    for setting in every:
        for judge in _JUDGES:
            if rule := judge(setting):
                yield Breach(rule=rule, setting=setting)
        if _cors(setting):
            credentials = any(_belong_together(setting.path[:-1], place) for place in allowing)
            yield Breach(
                rule="cors-wildcard-credentials" if credentials else "cors-wildcard", setting=setting
            )
        if rule := _secret(kind, setting):
            yield Breach(rule=rule, setting=setting, secret=True)


def _belong_together(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    """Whether two settings speak of one thing: they stand side by side, or one stands somewhere below the other."""
    shorter = min(len(first), len(second))
    return first[:shorter] == second[:shorter]


def is_for_development(name: str) -> bool:
    """Whether a file's name says that it is an example, or for developing and testing: told, but milder."""
    return bool(_DEVELOPMENT.search(name))


def _debug(setting: Setting) -> str:
    if setting.name in _DEBUG and setting.is_on:
        return "debug-on" if setting.path[-1].isupper() or len(setting.path) == 1 else "debug-switch"
    if setting.name in _ENVIRONMENT and setting.value.strip().lower() in ("development", "debug"):
        return "debug-on"
    return "debug-on" if setting.name == "werkzeug_debug_pin" and setting.is_off else ""


def _verification(setting: Setting) -> str:
    words = setting.words
    # `none` is how ssl_cert_reqs and verify_mode say off; as a lone word elsewhere it says that nothing was set.
    off = setting.is_off and setting.value.strip().lower() not in ("none", "")
    named_off = (_VERIFY.search(setting.name) or _VERIFY_INSIDE.search(words)) and off
    reqs = setting.name in ("ssl_cert_reqs", "cert_reqs") and setting.value.lower() in ("none", "cert_none")
    unauthorized = setting.name == "node_tls_reject_unauthorized" and setting.is_off
    inverted = _NO_VERIFY.search(setting.name) and setting.is_on
    # pip asks such a host for no certificate that it could check.
    trusted = setting.name == "pip_trusted_host" or words in ("global.trusted_host", "install.trusted_host")
    unchecked = trusted and bool(setting.value.strip())
    return "tls-verification-off" if named_off or reqs or unauthorized or inverted or unchecked else ""


def _database_tls(setting: Setting) -> str:
    disabled = setting.name == "sslmode" and setting.value.lower() in ("disable", "allow")
    in_url = "sslmode=disable" in setting.value and not _ON_THIS_MACHINE.search(setting.value)
    return "database-without-tls" if disabled or in_url else ""


def _hosts(setting: Setting) -> str:
    every = [part.strip() for part in setting.value.strip("[]").replace('"', "").replace("'", "").split(",")]
    return "host-wildcard" if setting.name in _HOSTS and "*" in every else ""


def _cookie(setting: Setting) -> str:
    # Scripts have to read an anti-CSRF token: HttpOnly would protect nothing there.
    meant_for_scripts = "csrf" in setting.name and not setting.name.endswith("secure")
    off = _COOKIE.search(setting.name) and setting.is_off and not meant_for_scripts
    return "cookie-flag-off" if off else ""


def _cors(setting: Setting) -> bool:
    if setting.name in _CORS_ALL:
        return setting.is_on
    every = [part.strip(" []\"'") for part in setting.value.split(",")]
    return bool(_CORS.search(setting.words)) and "*" in every


def _secret(kind: str, setting: Setting) -> str:
    if is_default(setting):
        return "default-credentials"
    return "secret-in-env-file" if kind == "env" and is_secret(setting) else ""


_JUDGES: tuple[Callable[[Setting], str], ...] = (_debug, _verification, _database_tls, _hosts, _cookie)
