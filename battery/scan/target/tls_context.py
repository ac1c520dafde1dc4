"""TLS contexts: one that asks for trust, one that takes whatever a target still speaks."""

import ssl

from battery.errors import UsageError


def trusting(ca_file: str = "") -> ssl.SSLContext:
    """The system's trust, and the named authority's.

    Raises: UsageError when the file cannot be used.
    """
    context = ssl.create_default_context()
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            raise UsageError(f"{ca_file}: holds no certificate authority in PEM ({error})") from error
    return context


def unquestioning() -> ssl.SSLContext:
    """No trust asked, old versions and ciphers welcome: a weak target must be reachable to be judged."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context
