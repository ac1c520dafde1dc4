"""All kinds of toxic: the original's eight, and two of the battery's own."""

from battery.chaos.toxiproxy.server.plane.connecting import KIND as CONNECT
from battery.chaos.toxiproxy.server.plane.kind import Kind
from battery.chaos.toxiproxy.server.stages import (
    bandwidth,
    latency,
    limit_data,
    reset_peer,
    slicer,
    slow_close,
    stall,
    timeout,
)
from battery.chaos.toxiproxy.server.stages.stage import Stage

NOOP = Kind(type="noop", structure="NoopToxic", attributes=(), stage=Stage)

KINDS = {
    kind.type: kind
    for kind in (
        latency.KIND,
        bandwidth.KIND,
        slow_close.KIND,
        timeout.KIND,
        reset_peer.KIND,
        slicer.KIND,
        limit_data.KIND,
        NOOP,
        stall.KIND,
        CONNECT,
    )
}
