"""The configuration scan over a tree: files of settings by their content, keys and env files by their modes."""

from pathlib import Path

from battery.scan.interface import Canary, ScanResult, Skipped
from battery.scan.source.configuration.canary import PLANT
from battery.scan.source.configuration.modes import mode_findings
from battery.scan.source.configuration.reading import kind_of
from battery.scan.source.pool import Pool
from battery.scan.source.pool_canary import planted
from battery.scan.source.pool_scan import result_of, scan_pieces
from battery.scan.source.tree import Tree, tree_of


def scan_configuration(tree: Tree, pool: Pool) -> ScanResult:
    """Scan every file of settings of the tree."""
    chosen = [file for file in tree.files if kind_of(file.name)]
    pieces = [file.piece() for file in sorted(chosen, key=lambda file: -file.size)]
    total = (len(pieces), sum(piece.size for piece in pieces))
    gathered, seen = scan_pieces(pool, "configuration", pieces, PLANT, total)
    gathered.found += mode_findings(tree.files)
    names = {file.name for file in chosen}
    left_out = [
        Skipped(what=file.name, reason="no file of settings", harmless=True)
        for file in tree.files
        if file.name not in names
    ]
    return result_of(
        "configuration",
        gathered,
        [*seen, _mode_canary()],
        left_out=[*tree.skipped, *left_out],
        discovered=tree.discovered,
        nothing=f"no file of settings among {tree.discovered} found under {tree.root}: no configuration was judged",
    )


def _mode_canary() -> Canary:
    """A key that everybody may replace, planted on disk: some file systems do not keep modes, and nothing is seen there."""
    with planted(PLANT) as traps:
        folder = Path(traps[0].file).parent
        key = folder / "canary.key"
        key.write_text("", encoding="ascii")
        key.chmod(0o666)
        found = {item.rule for item in mode_findings(tree_of(folder).files) if item.where == key.name}
    seen = "configuration.writable-by-all" in found
    detail = "a planted key that everybody may replace was " + (
        "seen" if seen else "not seen: modes mean nothing here"
    )
    return Canary(name="file mode", seen=seen, detail=detail)
