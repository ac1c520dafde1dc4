"""The secrets scan over a tree, and with `history` over every version of every file that git remembers."""

from collections.abc import Iterable
from pathlib import Path
from random import Random, SystemRandom

from battery.scan.interface import ScanResult
from battery.scan.source.pool import Pool
from battery.scan.source.pool_canary import Plant
from battery.scan.source.pool_messages import Piece
from battery.scan.source.pool_scan import result_of, scan_pieces
from battery.scan.source.secrets.canary import planted
from battery.scan.source.secrets.engine import rule_of
from battery.scan.source.secrets.history import History
from battery.scan.source.tree import Tree


def scan_secrets(tree: Tree, pool: Pool, *, history: bool = False) -> ScanResult:
    """Scan every text file of the tree; findings in the history name the commit that brought them."""
    pieces = [file.piece() for file in sorted(tree.files, key=lambda file: -file.size)]
    past = History(Path(tree.root)) if history else None
    blobs = past.blobs() if past is not None else ()
    total = (len(pieces) + len(blobs), sum(piece.size for piece in pieces) + sum(blob.size for blob in blobs))
    every: Iterable[Piece] = _chained(pieces, past) if past is not None else pieces
    gathered, seen = scan_pieces(pool, "secrets", every, plant(SystemRandom()), total)
    if past is not None:
        gathered.found = past.placed(gathered.found)
    return result_of(
        "secrets",
        gathered,
        seen,
        left_out=[*tree.skipped, *(past.skipped if past is not None else ())],
        discovered=tree.discovered + len(blobs) + (past.unlisted if past is not None else 0),
        nothing=f"no text file among {tree.discovered} found under {tree.root}: nothing was searched",
        doubts=past.doubts if past is not None else (),
        facts={"history": f"{len(blobs)} versions of files"}
        if past is not None
        else {"history": "not searched"},
    )


def plant(random: Random) -> Plant:
    """A file of its own for each kind: the first plugin that fails cannot hide the others."""
    files, expected = {}, {}
    for kind, line in planted(random).items():
        name = rule_of(kind).removeprefix("secrets.") + ".txt"
        files[name], expected[kind] = f"{line}\n", (name, rule_of(kind))
    return Plant(files=files, expected=expected)


def _chained(pieces: Iterable[Piece], past: History) -> Iterable[Piece]:
    yield from pieces
    yield from past.pieces()
