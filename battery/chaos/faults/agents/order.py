"""What the battery orders from an agent, and what an agent says."""

from battery.model.frozen import Frozen


class Order(Frozen, frozen=True, kw_only=True):
    """One order: amounts by name, texts by name (secrets stay off the command line), and its time limit."""

    seconds: float
    amounts: dict[str, float] = {}
    texts: dict[str, str] = {}
    headers: dict[str, str] = {}


class Said(Frozen, frozen=True, kw_only=True):
    """One reading of an agent's meter, or its trouble in words."""

    what: str
    numbers: dict[str, float] = {}
    words: str = ""
