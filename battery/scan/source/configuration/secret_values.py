"""Secret values: which setting of an environment file gives a secret away, and which password anybody would try first."""

import re
from urllib.parse import unquote

from battery.scan.source.configuration.setting import Setting

_SECRET_NAME = re.compile(
    r"(?:^|_)(?:password|passwd|pass|pwd|passphrase|secret|token|api_?key|private_?key|access_?key|secret_?key|auth_?key"
    r"|credentials?|dsn)(?:_|$)"
)
# Keys that sign or encrypt; a word after them says in which form or of which age the key is, not something else about it.
_KEY_NAME = re.compile(
    r"(?:(?:^|_)(?:sign|signing|signature|encrypt|encryption|decryption|crypt|crypto|cipher|master|session|cookie|jwt|jws"
    r"|jwe|hmac|mac|shared|fernet|root|wrapping|account|storage|service_role)_?key|^app_key)"
    r"(?:_(?:base64|b64|hex|pem|v?\d+|old|new|previous|current|primary|secondary|dev|test|staging|prod|production))?$"
)
# The last word of a name that speaks about a secret and holds none: where it is, how long, how long it lasts.
_ABOUT = re.compile(
    r"_(?:url|uri|path|file|dir|endpoint|host|header|name|field|prefix|issuer|audience|length|size|rounds|count|limit"
    r"|ttl|age|expiry|expires|expiration|lifetime|timeout|seconds|minutes|hours|days|hasher|algorithm|policy|type"
    r"|method|provider|store|backend|engine|enabled|required)$"
)
# Where a key stands, as a path, a URL or a name in a key service.
_REFERENCE = re.compile(
    r"(?:~|\.{1,2})/|/(?:app|certs?|data|etc|home|keys|mnt|opt|root|run|secrets|srv|tmp|usr|var)/|[a-z][a-z\d+.-]*://"
    r"|arn:|projects/|alias/|.*\.(?:pem|key|jwk|jwks|json|p8|p12|der|crt|pub)$",
    re.IGNORECASE,
)
# The user and the password in a URL; a password may hold an unescaped @, so the last one before the host ends it.
_USERINFO = re.compile(r"://(?P<user>[^\s/?#:@]*):(?P<password>[^\s/?#]+)@")
_IN_QUERY = re.compile(r"(?:^|[?&;\s])(?:password|passwd|pwd)=(?P<password>[^&;\s]+)", re.IGNORECASE)
_PASSWORD_NAME = re.compile(
    r"(?:^|_)(?:password|passwd|pass|pwd|secret|secret_key|(?:signing|encryption|master|jwt|hmac)_key)$"
)
_DEFAULTS = frozenset(
    (
        *("admin", "password", "passwd", "changeme", "change_me", "change-me", "changeit"),
        *("secret", "root", "toor", "guest", "postgres", "mysql", "test"),
        *("default", "letmein", "123456", "12345678", "qwerty", "welcome", "minioadmin"),
        *("rabbitmq", "redis", "admin123", "password1", "password123", "pass"),
    )
)
_DEFAULT_USERS = frozenset({"admin", "root", "guest", "postgres", "mysql", "user", "sa", "test"})
_PLACEHOLDER = re.compile(
    r"$|<.*>$|\{.*\}$|\[.*\]$|\$[A-Za-z_]\w*$|%\w+%$|%\(|.*(?:\$\{|\$\(|\{\{)"
    r"|(?:x+|\*+|\.+|-+|none|null|true|false|todo|tbd|\d{1,5})$"
    # A sentence of words that asks for the secret: what is drawn at random is more than letters, but for a count at its end.
    r"|(?:your|replace|example|dummy|placeholder)[a-z\s_.-]*\d{0,2}$"
    r"|(?:enter|insert|my|put)(?=[a-z\s_.-]*\d{0,2}$).*(?:secret|pass|pwd|token|key|jwt|api|cred|value|here)"
    # Where the secret is kept, or the secret encrypted.
    r"|(?:env|file|vault|encrypted):|(?:op|sm|ssm|keyvault|secretsmanager)://|/run/secrets"
    r"|ENC\[.*\]$|ENC\(.*\)$|\{cipher\}",
    re.IGNORECASE,
)
# USER:PASSWORD@HOST, in capitals as manuals write what is to be filled in.
_CAPITALS = frozenset({"PASSWORD", "PASSWD", "PASS", "PWD", "PW", "SECRET", "TOKEN", "KEY"})
_SHORTEST = 6


def is_default(setting: Setting) -> bool:
    """Whether the value is, or holds, a password that anybody would try first."""
    value = setting.value.strip()
    if value.startswith("django-insecure-") or any(_is_first_tried(*pair) for pair in _logins(value)):
        return True
    # `password: Password` is the label of a field, in a file of words for people.
    label = value.istitle() and setting.name == value.lower()
    return bool(_PASSWORD_NAME.search(setting.name)) and value.lower() in _DEFAULTS and not label


def is_secret(setting: Setting) -> bool:
    """Whether an environment file's value is a secret by its name, or carries a password in a URL or among options."""
    value = setting.value.strip()
    return _is_named_secret(setting.name, value) or any(_is_given(password) for password in _passwords(value))


def _is_named_secret(name: str, value: str) -> bool:
    if len(value) < _SHORTEST or _PLACEHOLDER.match(value):
        return False
    if _KEY_NAME.search(name):
        return "public" not in name and not _REFERENCE.match(value)
    return bool(_SECRET_NAME.search(name)) and not _ABOUT.search(name)


def _passwords(value: str) -> list[str]:
    asked = [match["password"] for match in _IN_QUERY.finditer(value)]
    return [*(password for _, password in _logins(value)), *asked]


def _logins(value: str) -> list[tuple[str, str]]:
    """User and password of each URL in the value."""
    return [(match["user"], match["password"]) for match in _USERINFO.finditer(value)]


def _is_given(password: str) -> bool:
    """Whether a password stands there, and not a place for one; a short number is one here, as it is no setting."""
    return password.isdigit() or not (_PLACEHOLDER.match(unquote(password)) or password in _CAPITALS)


def _is_first_tried(user: str, password: str) -> bool:
    to_be_filled_in = password in _CAPITALS
    return (password.lower() in _DEFAULTS and not to_be_filled_in) or (
        user == password and user in _DEFAULT_USERS
    )
