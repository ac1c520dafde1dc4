"""Issuing: a statement to a signed certificate, checked before anyone else can see it."""

from battery.certificate.bundle import SIZE_CAP, make_bundle
from battery.certificate.canonical import canonical
from battery.certificate.dsse import IN_TOTO, pae
from battery.certificate.signers import Signer
from battery.errors import KeyUnusable, StoreError
from battery.model.certificate import Statement


def issue(statement: Statement, signer: Signer) -> tuple[bytes, bytes]:
    """The payload that was signed, and certificate.json around it.

    Raises: KeyUnusable when the signature does not verify under the signer's own public key, StoreError when
        the certificate is larger than any verifier reads.
    """
    payload = canonical(statement)
    signature = signer.sign(pae(IN_TOTO, payload))
    if not signer.public.verifies(signature, pae(IN_TOTO, payload)):
        raise KeyUnusable("--key: its signature does not verify under the public key that belongs to it")
    bundle = make_bundle(payload, signature, signer.public.hint)
    if len(bundle) > SIZE_CAP:
        count = len(statement.predicate.evidence.items)
        raise StoreError(
            f"the certificate over {count} files would be larger than the {SIZE_CAP} bytes that are read"
        )
    return payload, bundle
