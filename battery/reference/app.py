"""The composition of the service: every part is made here and given what it needs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from battery.reference.body import BodyLimits
from battery.reference.clock import Clock, wall_clock
from battery.reference.defects import ready_lies
from battery.reference.defects.planting import spoil_answers, spoil_link, spoil_store
from battery.reference.degradation.ladder import Ladder
from battery.reference.degradation.machine import Machine
from battery.reference.degradation.monitor import Monitor
from battery.reference.dependency.link import DependencyLink, own_link
from battery.reference.health.board import HealthBoard
from battery.reference.health.details import Surroundings
from battery.reference.health.state import StateReader
from battery.reference.identity import own_identity
from battery.reference.lifecycle import Lifecycle
from battery.reference.metrics.degradation import register_degradation
from battery.reference.metrics.everything import register_readings
from battery.reference.metrics.orders import OrderMetrics
from battery.reference.metrics.records import RecordMetrics
from battery.reference.metrics.registry import Registry
from battery.reference.metrics.requests import RequestMetrics
from battery.reference.observation import Observation
from battery.reference.problems import install_problems
from battery.reference.process import OwnProcess
from battery.reference.routes.echo import echo_routes
from battery.reference.routes.health import HealthRoutes
from battery.reference.routes.metrics import metrics_routes
from battery.reference.routes.orders import OrderRoutes
from battery.reference.routes.prices import PriceRoutes
from battery.reference.routes.records import RecordRoutes
from battery.reference.routes.report import report_routes
from battery.reference.routes.version import version_routes
from battery.reference.shedding import LIMIT, Shedding
from battery.reference.store.interface import Store

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def build_app(
    store: Store,
    link: DependencyLink | None = None,
    lifecycle: Lifecycle | None = None,
    *,
    clock: Clock = wall_clock,
    limits: BodyLimits | None = None,
    in_flight: int = LIMIT,
    defects: Collection[str] = (),
) -> ASGIApp:
    """The application over an open store, with the planted `defects`; whoever opened the store closes it."""
    link, lifecycle, limits = link or own_link(), lifecycle or Lifecycle(), limits or BodyLimits()
    store, link = spoil_store(store, defects), spoil_link(link, defects)
    registry, process, identity, ladder = Registry(), OwnProcess(), own_identity(), Ladder()
    requests, orders, records = RequestMetrics(registry), OrderMetrics(registry), RecordMetrics(registry)
    board, state = HealthBoard(store, link, lifecycle), StateReader(ladder, link, lifecycle)
    health = HealthRoutes(board, Surroundings(board, process, store.lanes, state), state)
    routes = [
        *health.routes(ready_lies.ready if ready_lies.DEFECT.name in defects else None),
        *OrderRoutes(store, orders, clock, limits).routes(),
        *RecordRoutes(store, records, limits).routes(),
        *PriceRoutes(link.prices, ladder).routes(),
        *report_routes(store, ladder),
        *echo_routes(),
        *version_routes(identity),
        *metrics_routes(registry),
    ]
    monitor = Monitor(Machine(store.folder), ladder, link)
    router = _router(routes, _lifespan(monitor, store, link))
    shedding = Shedding(spoil_answers(router, defects), in_flight)
    register_readings(registry, store, process, identity, link)
    register_degradation(registry, ladder, shedding, lifecycle)
    return Observation(shedding, requests, lifecycle)


def _lifespan(monitor: Monitor, store: Store, link: DependencyLink) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        looking = asyncio.create_task(monitor.run())
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.wait({looking})
            link.close()
            await store.finish()

    return lifespan


def _router(routes: list[Route], lifespan: Lifespan) -> Starlette:
    app = Starlette(routes=routes, lifespan=lifespan)
    # A redirect for a stray slash would be built from the Host header, which a client chooses.
    app.router.redirect_slashes = False
    install_problems(app)
    return app
