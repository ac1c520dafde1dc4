"""Numbers that a client writes into a path or a query."""

from starlette.requests import Request

from battery.reference.problems import Problem

# SQLite counts to 2**63 - 1; every number of 18 digits is below it.
_DIGITS = 18
LARGEST = 10**_DIGITS - 1


def number_in_path(request: Request, what: str = "order") -> int:
    """The id in the path.

    Raises: Problem 404 when no order, or `what` else is asked for, can have it.
    """
    number = _parsed(request.path_params["id"])
    if number is None:
        raise Problem(404, f"there is no such {what}")
    return number


def number_in_query(request: Request, name: str, default: int, *, least: int, most: int = LARGEST) -> int:
    """A query parameter, or its default when it is not given.

    Raises: Problem 400 when it is not a number from `least` to `most`.
    """
    text = request.query_params.get(name)
    if text is None:
        return default
    number = _parsed(text)
    if number is None or not least <= number <= most:
        raise Problem(400, f"{name} must be a number from {least} to {most}")
    return number


def _parsed(text: str) -> int | None:
    if len(text) > _DIGITS or not (text.isascii() and text.isdigit()):
        return None
    return int(text)
