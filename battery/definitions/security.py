"""The [security] table, checked for what types cannot say."""

from collections.abc import Sequence

from battery.definitions.secrets import check_headers
from battery.definitions.spelling import shown
from battery.definitions.urls import check_url
from battery.errors import DefinitionError
from battery.model.security import ONLINE, AccessRule, Security

_NOBODY = "nobody"  # the caller without any identity, whom every operation is tried by


def check_security(security: Security, file: str) -> None:
    """URLs, headers without secrets, and access rules that name known identities.

    Raises: DefinitionError.
    """
    if security.openapi and security.openapi_file:
        problem = "names the API description on the target, and openapi_file another one here: keep one"
        raise DefinitionError(file, problem, key="security.openapi")
    if security.other_url:
        check_url(security.other_url, file, "security.other_url")
    if "://" in security.vulnerabilities:
        check_url(security.vulnerabilities, file, "security.vulnerabilities")
    names = [identity.name for identity in security.identity]
    for index, identity in enumerate(security.identity):
        key = f"security.identity[{index}]"
        if identity.name == _NOBODY or identity.name in names[:index]:
            raise DefinitionError(file, f"the name {shown(identity.name)} is taken", key=f"{key}.name")
        check_headers(identity.headers, file, f"{key}.headers")
    for index, rule in enumerate(security.access):
        _check_access(rule, names, file, f"security.access[{index}]")
    if security.login:
        check_headers(security.login.headers, file, "security.login.headers")
    if security.public and security.access:
        problem = "says that no operation needs an identity, and [[security.access]] names some that do"
        raise DefinitionError(file, problem, key="security.public")


def is_online(vulnerabilities: str) -> bool:
    """Whether known vulnerabilities are asked for over the network."""
    return vulnerabilities == ONLINE or "://" in vulnerabilities


def _check_access(rule: AccessRule, identities: Sequence[str], file: str, key: str) -> None:
    unknown = [name for name in rule.allowed if name not in identities]
    if unknown or not rule.allowed:
        what = ", ".join(map(shown, unknown)) or "nobody"
        problem = (
            f"names {what}; expected names of [[security.identity]]: {', '.join(identities) or 'none yet'}"
        )
        raise DefinitionError(file, problem, key=f"{key}.allowed")
    check_headers(rule.headers, file, f"{key}.headers")
