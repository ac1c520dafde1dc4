"""The durability table: records can be told apart, and pages turned."""

from battery.definitions.secrets import check_headers
from battery.errors import DefinitionError
from battery.model.target import AFTER, RECORD, Durability


def check_durability(declared: Durability, file: str = "battery.toml") -> None:
    """What the types cannot say.

    Raises: DefinitionError.
    """
    write, read = declared.write, declared.read
    check_headers(write.headers, file, "durability.write.headers")
    if not any(RECORD in text for text in (write.path, write.body)):
        problem = (
            f"neither path nor body holds {RECORD}: records could not be told apart; put it into the body"
        )
        raise DefinitionError(file, problem, key="durability.write")
    if (AFTER in read.path) != bool(read.next):
        problem = f"{AFTER} in the path and next belong together; got path {read.path!r}, next {read.next!r}"
        raise DefinitionError(file, problem, key="durability.read")
