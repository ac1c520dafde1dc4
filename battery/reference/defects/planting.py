"""Putting the chosen defects where they belong."""

from collections.abc import Collection

import msgspec
from starlette.types import ASGIApp

from battery.reference.defects import (
    cut_answers,
    degrading,
    doubled_writes,
    errors,
    lost_writes,
    no_recovery,
    wrong_answers,
)
from battery.reference.defects.one_in_a_hundred import Answer, OneInAHundred
from battery.reference.defects.security_planting import spoil_requests
from battery.reference.dependency.link import DependencyLink
from battery.reference.store.interface import Store

_ANSWERS: tuple[tuple[str, Answer], ...] = (
    (errors.DEFECT.name, errors.fail),
    (wrong_answers.DEFECT.name, wrong_answers.mistake),
    (cut_answers.DEFECT.name, cut_answers.cut),
)


def spoil_answers(app: ASGIApp, names: Collection[str]) -> ASGIApp:
    """`app` with the defects of answers, inside the observation: they show in metrics and log as in life."""
    for name, answer in _ANSWERS:
        if name in names:
            app = OneInAHundred(app, answer)
    if degrading.DEFECT.name in names:
        app = degrading.Degrading(app)
    return spoil_requests(app, names)


def spoil_store(store: Store, names: Collection[str]) -> Store:
    """`store` with the defects of the store."""
    if lost_writes.DEFECT.name in names:
        store = lost_writes.LosingStore(store)
    if doubled_writes.DEFECT.name in names:
        store = doubled_writes.DoublingStore(store)
    if no_recovery.DEFECT.name in names:
        store = no_recovery.StuckStore(store)
    return store


def spoil_link(link: DependencyLink, names: Collection[str]) -> DependencyLink:
    """`link` with the defects of the dependency's client."""
    if no_recovery.DEFECT.name in names:
        return msgspec.structs.replace(link, prices=no_recovery.StuckPrices(link.prices))
    return link
