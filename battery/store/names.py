"""Names in a run folder."""

import hashlib
import re

PLAN, CERTIFICATE, PROGRESS = "plan.json", "certificate.json", "progress.jsonl"
EVIDENCE, BLOBS, WORK = "evidence", "blobs", "work"
LATEST = "latest"
_LONGEST = 150  # file systems allow 255 bytes, and a name gets prefixes and suffixes
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_MANGLED = re.compile(r"-[0-9a-f]{16}\Z")


def evidence_name(check: str) -> str:
    """The evidence file of a check, relative to the run folder; distinct checks get distinct names."""
    safe = _UNSAFE.sub("-", check)[:_LONGEST].lstrip(".")
    if safe != check or not safe or _MANGLED.search(check):
        digest = hashlib.sha256(check.encode("utf-8", "surrogatepass")).hexdigest()
        safe = f"{safe}-{digest[:16]}"
    return f"{EVIDENCE}/{safe}.json"


def work_name(check: str) -> str:
    """The folder in which a check keeps what a killed run shall go on from, relative to the run folder."""
    return f"{WORK}/{evidence_name(check).removeprefix(f'{EVIDENCE}/').removesuffix('.json')}"
