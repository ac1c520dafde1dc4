"""The scrape."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.metrics import exposition, openmetrics
from battery.reference.metrics.registry import Registry
from battery.reference.routes.resource import resource


def metrics_routes(registry: Registry) -> list[Route]:
    """`GET /metrics`, in OpenMetrics for a client that asks for it."""

    async def answer(request: Request) -> Response:
        chosen = openmetrics.wanted(request.headers.get("accept", ""))
        kind = openmetrics.CONTENT_TYPE if chosen else exposition.CONTENT_TYPE
        return Response(
            registry.render(open_metrics=chosen), headers={"content-type": kind, "vary": "Accept"}
        )

    return [resource("/metrics", GET=answer)]
