"""What a request's body asks for: a proxy, a change of one, a toxic, a change of one, many proxies."""

from collections.abc import Mapping
from typing import Any

from battery.chaos.toxiproxy.server.api.document import Pairs, Value, read
from battery.chaos.toxiproxy.server.api.fields import (
    SHARE,
    TEXT,
    TRUTH,
    Reader,
    fields,
    integer,
    thing,
    unsuitable,
)
from battery.chaos.toxiproxy.server.api.refusal import (
    bad_body,
    invalid_stream,
    invalid_toxic,
    missing,
    toxic_exists,
)
from battery.chaos.toxiproxy.server.plane.collection import Wanted
from battery.chaos.toxiproxy.server.plane.kind import Kind
from battery.chaos.toxiproxy.server.plane.proxy import Proxy
from battery.chaos.toxiproxy.server.plane.toxic import DOWNSTREAM, FIRST, UPSTREAM, Toxic
from battery.chaos.toxiproxy.server.stages.kinds import KINDS

# How the original calls its structures shows in its errors, and clients match on them.
_PROXY = {"name": TEXT, "listen": TEXT, "upstream": TEXT, "enabled": TRUTH}
_MANY_PROXIES = _PROXY | {"enabled": Reader("bool", TRUTH.convert, place="")}
_MANY = 'struct { toxiproxy.Proxy; Enabled *bool "json:\\"enabled\\"" }'
_TOXIC = {
    "name": TEXT,
    "type": TEXT,
    "stream": TEXT,
    "toxicity": SHARE,
    "attributes": thing("toxics.NoopToxic"),
}
_CHANGE = 'struct { Attributes interface {} "json:\\"attributes\\""; Toxicity float32 "json:\\"toxicity\\"" }'


def new_proxy(body: bytes) -> Wanted:
    """The proxy that a body describes.

    Raises: Refusal.
    """
    said = fields(read(body), _PROXY, "toxiproxy.Proxy", "Proxy")
    for field in ("name", "upstream"):
        if not said.get(field):
            raise missing(field)
    return Wanted(listen=said.pop("listen", ""), **said)


def changed_proxy(body: bytes, proxy: Proxy) -> Wanted:
    """The proxy with what a body says changed; its name stays.

    Raises: Refusal.
    """
    said = fields(read(body), _PROXY, "toxiproxy.Proxy", "Proxy")
    now: dict[str, Any] = {"listen": proxy.listen, "upstream": proxy.upstream, "enabled": proxy.enabled}
    return Wanted(**(now | said | {"name": proxy.name}))


def many_proxies(body: bytes) -> list[Wanted]:
    """All proxies that a body lists; one that is wrong makes nothing of the whole.

    Raises: Refusal.
    """
    document = read(body)
    if document is None:
        return []
    if isinstance(document, Pairs) or not isinstance(document, list):
        raise unsuitable(document, f"[]{_MANY}")
    said = [_one_of_many(value) for value in document]
    for index, one in enumerate(said, 1):
        for field in ("name", "upstream"):
            if not one.get(field):
                raise missing(f"{field} at proxy {index}")
    return [Wanted(**({"listen": ""} | one)) for one in said]


def _one_of_many(value: Value) -> dict[str, Any]:
    return fields(value, _MANY_PROXIES, _MANY, ".Proxy")


def new_toxic(body: bytes, proxy: Proxy) -> Toxic:
    """The toxic that a body describes, for a proxy that has none of its name.

    Raises: Refusal.
    """
    document = read(body)
    said = fields(document, _TOXIC, "toxics.ToxicWrapper", "ToxicWrapper")
    stream, toxicity = said.get("stream", DOWNSTREAM), said.get("toxicity", 1.0)
    if stream.lower() not in (UPSTREAM, DOWNSTREAM):
        raise invalid_stream()
    kind = KINDS.get(said.get("type", ""))
    if kind is None:
        raise invalid_toxic()
    name = said.get("name") or f"{kind.type}_{stream}"
    if proxy.toxic(name) is not None:
        raise toxic_exists()
    attributes: dict[str, int] = {}
    fields(document, {"attributes": _attributes(kind, attributes)}, "toxics.ToxicWrapper", "ToxicWrapper")
    toxic = Toxic(kind, name, stream, toxicity, attributes)
    _check(kind, toxic.attributes)
    return toxic


def changed_toxic(body: bytes, toxic: Toxic) -> tuple[dict[str, int], float]:
    """The attributes that a body changes, and the toxicity.

    Raises: Refusal: nothing is changed then, where the original keeps what it had read so far.
    """
    attributes: dict[str, int] = {}
    readers = {"toxicity": SHARE, "attributes": _attributes(toxic.kind, attributes)}
    said = fields(read(body), readers, _CHANGE, "")
    _check(toxic.kind, toxic.attributes | attributes)
    return attributes, said.get("toxicity", toxic.toxicity)


def _attributes(kind: Kind, said: dict[str, int]) -> Reader:
    """Reads attributes into `said`: objects that come twice are merged, and their errors come in the document's order."""
    readers = dict.fromkeys((*kind.attributes, FIRST), integer(kind.integer))
    structure = f"toxics.{kind.structure}"

    def convert(value: Value) -> None:
        value = thing(structure).convert(value)
        said.update(fields(value, readers, structure, f"{kind.structure}.attributes"))

    return Reader(structure, convert)


def _check(kind: Kind, attributes: Mapping[str, int]) -> None:
    first = attributes.get(FIRST, 0)
    objection = kind.objection(attributes) or (
        f"{kind.type}: first is {first}, must be 0 or more (connections; 0 is every one)" if first < 0 else ""
    )
    if objection:
        raise bad_body(objection)
