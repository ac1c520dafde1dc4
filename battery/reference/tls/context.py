"""The TLS context of the service."""

import ssl
import warnings
from pathlib import Path

# Of TLS 1.2 only what keeps the past secret when the key leaks; TLS 1.3 has nothing else.
_FORWARD = "ECDHE+AESGCM:ECDHE+CHACHA20"


def strict_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 and 1.3, forward secrecy, no compression, no renegotiation.

    Raises: OSError, of which ssl.SSLError is one, when certificate and key cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_FORWARD)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(certificate, key)
    return context


def weak_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Everything that this OpenSSL still speaks: TLS 1.0, no forward secrecy. For a planted defect only.

    Raises: OSError.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with warnings.catch_warnings():
        # That it is deprecated is the point.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(certificate, key)
    return context
