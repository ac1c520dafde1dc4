"""The README: what it is, how to install, run and test it."""

from battery.readiness.docs.sections import README, missing_sections, says_what_it_is
from battery.readiness.docs.tree import DocumentTree
from battery.readiness.observability.flaw import Flaw


def readme_flaws(tree: DocumentTree, path: str = "README.md") -> tuple[Flaw, ...]:
    """What the README does not tell.

    Raises: DocumentsUnreadable when there is none.
    """
    document = tree.document(path)
    missing = list(missing_sections(document, README))
    if not says_what_it_is(document):
        missing.insert(0, "what")
    return tuple(Flaw(rule=f"docs.readme.{name}", where=path, text=_TEXTS[name]) for name in missing)


_TEXTS = {
    "what": "no title with a sentence below it says what this is",
    "install": "no section tells how to install it",
    "run": "no section tells how to run it",
    "test": "no section tells how to test it",
}
