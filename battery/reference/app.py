"""The composition of the service: every part is made here and given what it needs."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from battery.reference.access.guard import Guard
from battery.reference.access.house import HouseRules, house_of
from battery.reference.access.house_settings import HouseSettings
from battery.reference.audit.trail import NoAudit, Trail
from battery.reference.body import BodyLimits
from battery.reference.clock import Clock, wall_clock
from battery.reference.defects import ready_lies
from battery.reference.defects.planting import spoil_answers, spoil_link, spoil_store
from battery.reference.defects.resilience_planting import (
    planted_ladder,
    planted_registry,
    planted_requests,
    shown_lifecycle,
)
from battery.reference.defects.security_planting import spoil_headers, spoil_house
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
from battery.reference.observation import Observation
from battery.reference.problems import install_problems
from battery.reference.process import OwnProcess
from battery.reference.routes.echo import echo_routes
from battery.reference.routes.health import HealthRoutes
from battery.reference.routes.jobs import JobRoutes
from battery.reference.routes.metrics import metrics_routes
from battery.reference.routes.openapi import openapi_routes
from battery.reference.routes.orders import OrderRoutes
from battery.reference.routes.prices import PriceRoutes
from battery.reference.routes.records import RecordRoutes
from battery.reference.routes.report import report_routes
from battery.reference.routes.security import security_routes
from battery.reference.routes.version import version_routes
from battery.reference.shedding import LIMIT, Shedding
from battery.reference.store.interface import Store
from battery.reference.upkeep import Upkeep

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
    house: HouseRules | None = None,
    trail: Trail | None = None,
) -> ASGIApp:
    """The application over an open store, with the planted `defects`; whoever opened the store closes it."""
    link, lifecycle, limits = link or own_link(), lifecycle or Lifecycle(), limits or BodyLimits()
    store, link = spoil_store(store, defects), spoil_link(link, defects)
    house, audit = spoil_house(house or house_of(HouseSettings()), defects), trail or NoAudit()
    registry, ladder = planted_registry(defects), planted_ladder(defects)
    process, identity, shown = OwnProcess(), own_identity(), shown_lifecycle(lifecycle, defects)
    upkeep = Upkeep(store, link, lifecycle, registry, ladder, clock, defects)
    requests = planted_requests(registry, defects)
    orders, records = OrderMetrics(registry), RecordMetrics(registry)
    board = HealthBoard(store, link, lifecycle, modules=upkeep.modules)
    state = StateReader(ladder, link, shown)
    health = HealthRoutes(board, Surroundings(board, process, upkeep.machine, store.lanes, state), state)
    routes = [
        *health.routes(ready_lies.ready if ready_lies.DEFECT.name in defects else None),
        *OrderRoutes(store, orders, clock, limits, audit).routes(),
        *RecordRoutes(store, records, limits, audit).routes(),
        *PriceRoutes(link.prices, ladder).routes(),
        *report_routes(store, ladder),
        *JobRoutes(upkeep.queue, limits, audit).routes(),
        *echo_routes(),
        *version_routes(identity),
        *openapi_routes(),
        *metrics_routes(registry),
        *security_routes(house, audit, trail, limits),
    ]
    router = _router(routes, _lifespan(upkeep, store, link))
    shedding = Shedding(spoil_answers(Guard(router, house, audit), defects), in_flight)
    upkeep.crowding.requests = shedding.least_free
    register_readings(registry, store, process, identity, link)
    register_degradation(registry, ladder, shedding, shown)
    return spoil_headers(Observation(shedding, requests, lifecycle), defects)


def _lifespan(upkeep: Upkeep, store: Store, link: DependencyLink) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            async with upkeep.running():
                yield
        finally:
            link.close()
            await store.finish()

    return lifespan


def _router(routes: list[Route], lifespan: Lifespan) -> Starlette:
    app = Starlette(routes=routes, lifespan=lifespan)
    # A redirect for a stray slash would be built from the Host header, which a client chooses.
    app.router.redirect_slashes = False
    install_problems(app)
    return app
