"""RFC 6962 Merkle trees over lists of byte strings."""

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256(b"").hexdigest()


def root(leaves: Sequence[bytes]) -> str:
    """The tree's root, in hex."""
    if not leaves:
        return EMPTY_ROOT
    return _node([_leaf(leaf) for leaf in leaves]).hex()


def _leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    # RFC 6962, 2.1: the left part takes the largest power of two that is smaller than the count
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _node(hashes[:split]) + _node(hashes[split:])).digest()
