"""P2's curve: throughput over users by the universal scalability law, its capacity and its knee. Pure.

N. Gunther: X(N) = g N / (1 + s (N - 1) + k N (N - 1)); s is contention, k is coherency delay.
"""

import math
from collections.abc import Sequence

from battery.model.frozen import Frozen


class Point(Frozen, frozen=True, kw_only=True):
    """One stage: users, requests per second, and the latency that went with it."""

    users: int
    throughput: float
    p50: float
    p99: float


class Curve(Frozen, frozen=True, kw_only=True):
    """The fitted law: the rate of one user alone, contention, coherency; None where the points fit no such law."""

    points: tuple[Point, ...]
    alone: float | None
    contention: float | None
    coherency: float | None
    capacity: float | None
    capacity_users: float | None
    knee_users: int | None


def fit_curve(points: Sequence[Point]) -> Curve:
    """The law through the points, by least squares in its linear form; fewer than three points fit anything."""
    rows = [(point.users, point.throughput) for point in points if point.throughput > 0]
    fitted = _fit(rows) if len({users for users, _ in rows}) >= 3 else None
    if fitted is None:
        return Curve(
            points=tuple(points),
            alone=None,
            contention=None,
            coherency=None,
            capacity=None,
            capacity_users=None,
            knee_users=knee(points),
        )
    alone, contention, coherency = fitted
    at = math.sqrt((1 - contention) / coherency) if coherency > 0 and contention < 1 else None
    capacity = alone * at / (1 + contention * (at - 1) + coherency * at * (at - 1)) if at else None
    if capacity is None and contention > 0:
        capacity = alone / contention  # no retrograde part: throughput only approaches this
    return Curve(
        points=tuple(points),
        alone=alone,
        contention=contention,
        coherency=coherency,
        capacity=capacity,
        capacity_users=at,
        knee_users=knee(points),
    )


def knee(points: Sequence[Point]) -> int | None:
    """The measured stage with the best ratio of throughput to latency (Kleinrock's power)."""
    usable = [point for point in points if point.p50 > 0 and point.throughput > 0]
    return max(usable, key=lambda point: point.throughput / point.p50).users if usable else None


def _fit(rows: Sequence[tuple[int, float]]) -> tuple[float, float, float] | None:
    """N / X = a + b (N - 1) + c N (N - 1) with b, c >= 0; relative residuals, so that no stage outweighs the others."""
    best = None
    for use_contention, use_coherency in ((True, True), (True, False), (False, True), (False, False)):
        found = _least_squares(rows, use_contention, use_coherency)
        if found is None or min(found) < 0 or found[0] <= 0:
            continue
        residual = sum(((_predict(found, users) * rate / users) - 1) ** 2 for users, rate in rows)
        if best is None or residual < best[0]:
            best = (residual, found)
    if best is None:
        return None
    a, b, c = best[1]
    return 1 / a, b / a, c / a


def _predict(found: tuple[float, float, float], users: int) -> float:
    a, b, c = found
    return a + b * (users - 1) + c * users * (users - 1)


def _least_squares(
    rows: Sequence[tuple[int, float]], use_contention: bool, use_coherency: bool
) -> tuple[float, float, float] | None:
    """The normal equations of the chosen terms, weighted by 1/y², solved by elimination."""
    chosen = [True, use_contention, use_coherency]
    size = sum(chosen)
    matrix = [[0.0] * (size + 1) for _ in range(size)]
    for users, rate in rows:
        y = users / rate
        terms = [
            term for term, used in zip((1.0, users - 1.0, users * (users - 1.0)), chosen, strict=True) if used
        ]
        for i, left in enumerate(terms):
            for j, right in enumerate(terms):
                matrix[i][j] += left * right / y**2
            matrix[i][size] += left / y
    solved = _solve(matrix)
    if solved is None:
        return None
    values = iter(solved)
    a, b, c = (next(values) if used else 0.0 for used in chosen)
    return a, b, c


def _solve(matrix: list[list[float]]) -> list[float] | None:
    size = len(matrix)
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(matrix[row][column]))
        if abs(matrix[pivot][column]) < 1e-15:
            return None
        matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
        for row in range(size):
            if row != column:
                factor = matrix[row][column] / matrix[column][column]
                matrix[row] = [x - factor * y for x, y in zip(matrix[row], matrix[column], strict=True)]
    return [matrix[row][size] / matrix[row][row] for row in range(size)]
