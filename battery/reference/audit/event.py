"""What happened, before it stands in the chain."""

import msgspec


class Event(msgspec.Struct, frozen=True):
    """One thing that happened; `items` are the ids of what was changed."""

    time: str
    event: str
    actor: str = ""
    source: str = ""
    place: str = ""
    about: str = ""
    items: tuple[int, ...] = ()


MOST_ITEMS = 200


def folded(events: list[Event]) -> list[Event]:
    """The same events, with changes of one kind by one actor in a row as one: a load is not a line each."""
    result: list[Event] = []
    for event in events:
        last = result[-1] if result else None
        if last is not None and _continues(last, event):
            result[-1] = msgspec.structs.replace(last, items=last.items + event.items)
        else:
            result.append(event)
    return result


def _continues(last: Event, event: Event) -> bool:
    if not (last.items and event.items) or len(last.items) >= MOST_ITEMS:
        return False
    mine, others = (msgspec.structs.replace(one, time="", items=()) for one in (last, event))
    return mine == others
