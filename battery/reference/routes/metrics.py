"""The scrape."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from battery.reference.metrics.exposition import CONTENT_TYPE
from battery.reference.metrics.registry import Registry
from battery.reference.routes.resource import resource


def metrics_routes(registry: Registry) -> list[Route]:
    """`GET /metrics`."""

    async def answer(_request: Request) -> Response:
        return Response(registry.render(), headers={"content-type": CONTENT_TYPE})

    return [resource("/metrics", GET=answer)]
