"""The composition of the service: every part is made here and given what it needs."""

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from battery.reference.body import BodyLimits
from battery.reference.clock import Clock, wall_clock
from battery.reference.health.board import HealthBoard
from battery.reference.health.details import Surroundings
from battery.reference.identity import Identity, own_identity
from battery.reference.metrics.lanes import register_lanes
from battery.reference.metrics.orders import OrderMetrics
from battery.reference.metrics.process import register_process
from battery.reference.metrics.reading import Reading
from battery.reference.metrics.registry import Registry
from battery.reference.metrics.requests import RequestMetrics
from battery.reference.observation import Observation
from battery.reference.problems import install_problems
from battery.reference.process import OwnProcess
from battery.reference.routes.echo import echo_routes
from battery.reference.routes.health import HealthRoutes
from battery.reference.routes.metrics import metrics_routes
from battery.reference.routes.orders import OrderRoutes
from battery.reference.routes.report import report_routes
from battery.reference.routes.version import version_routes
from battery.reference.store.database import Database


def build_app(database: Database, *, clock: Clock = wall_clock, limits: BodyLimits | None = None) -> ASGIApp:
    """The application over an open database; whoever opened it closes it."""
    registry, process, identity = Registry(), OwnProcess(), own_identity()
    requests, orders = RequestMetrics(registry), OrderMetrics(registry)
    _register_readings(registry, database, process, identity)
    board = HealthBoard(database)
    routes = [
        *HealthRoutes(board, Surroundings(board, process, database.lanes)).routes(),
        *OrderRoutes(database, orders, clock, limits or BodyLimits()).routes(),
        *report_routes(database),
        *echo_routes(),
        *version_routes(identity),
        *metrics_routes(registry),
    ]
    return Observation(_router(routes), requests)


def _register_readings(
    registry: Registry, database: Database, process: OwnProcess, identity: Identity
) -> None:
    register_lanes(registry, database.lanes)
    register_process(registry, process)
    labels, values = ("version", "commit"), (identity.version, identity.commit)
    registry.add(Reading("reference_build_info", "gauge", "What is served.", lambda: {values: 1}, labels))


def _router(routes: list[Route]) -> Starlette:
    app = Starlette(routes=routes)
    # A redirect for a stray slash would be built from the Host header, which a client chooses.
    app.router.redirect_slashes = False
    install_problems(app)
    return app
