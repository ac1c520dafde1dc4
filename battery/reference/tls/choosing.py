"""Which TLS the service speaks: the one it was told, or a planted one."""

import ssl
from collections.abc import Collection
from pathlib import Path

from battery.reference.clock import wall_clock
from battery.reference.defects import expired_certificate, weak_tls
from battery.reference.tls.certificates import make_certificates
from battery.reference.tls.context import strict_context, weak_context

FOLDER = "tls"


def chosen_context(
    certificate: Path | None, key: Path | None, data: Path, defects: Collection[str]
) -> ssl.SSLContext | None:
    """The context; None serves plain HTTP. A defect of TLS makes its own certificate where none is given.

    Raises: OSError when certificate and key cannot be used.
    """
    expired, weak = (one.DEFECT.name in defects for one in (expired_certificate, weak_tls))
    if expired or (weak and not (certificate and key)):
        made = make_certificates(data / FOLDER, wall_clock(), days=-1.0 if expired else 90.0)
        certificate, key = made.certificate, made.key
    if certificate is None or key is None:
        return None
    return weak_context(certificate, key) if weak else strict_context(certificate, key)


def speaks_tls(certificate: Path | None, defects: Collection[str]) -> bool:
    """Whether what is served begins with https."""
    return certificate is not None or any(
        one.DEFECT.name in defects for one in (expired_certificate, weak_tls)
    )
