"""The store: artifacts/<run-id> with its plan, evidence and blobs, written atomically and re-hashed on read."""

from battery.store.atomic import write_atomically
from battery.store.encoding import encode, sha256
from battery.store.lock import locked
from battery.store.names import BLOBS, CERTIFICATE, EVIDENCE, LATEST, PLAN, PROGRESS, WORK, evidence_name
from battery.store.run_folder import RunFolder

__all__ = [
    "BLOBS",
    "CERTIFICATE",
    "EVIDENCE",
    "LATEST",
    "PLAN",
    "PROGRESS",
    "WORK",
    "RunFolder",
    "encode",
    "evidence_name",
    "locked",
    "sha256",
    "write_atomically",
]
