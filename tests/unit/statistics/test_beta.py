"""The incomplete beta function against 40-digit references, and its inverse against itself."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.statistics import incomplete_beta, inverse_incomplete_beta

# mpmath 1.3, betainc(…, regularized=True) with 40 digits.
REFERENCE = [
    (0.5, 0.5, 0.3, 0.36901011956554538),
    (2, 3, 0.4, 0.5248),
    (10, 20, 0.25, 0.16630494959787945),
    (200, 300, 0.42, 0.81960106641726648),
    (5, 1e6, 4e-6, 0.37116619069515472),
    (1000, 1000, 0.51, 0.81444734056848834),
    (1, 10, 0.1, 0.6513215599),
    (30.5, 7.25, 0.9, 0.94503118058345658),
    (8.904047543102449, 38118320.16829477, 2.844898910522232e-07, 0.7637218640528185),
    (121136593.2620566, 0.9649100775531326, 0.9999999703358876, 0.025540771785710673),
]
# mpmath 1.3: Newton's method on a quadrature of the density with 40 digits.
INVERSE_REFERENCE = [
    (10**7 + 1, 99 * 10**7, 0.95, 0.010005176958446773),
    (5 * 10**8 + 1, 5 * 10**8, 0.95, 0.50002600791936968),
    (10**7, 99 * 10**7 + 1, 0.05, 0.0099948251360977653),
]

shapes = st.floats(0.5, 1e9)
shares = st.floats(1e-6, 1 - 1e-6)


@pytest.mark.parametrize(("a", "b", "x", "expected"), REFERENCE)
def test_the_function_agrees_with_the_reference(a: float, b: float, x: float, expected: float) -> None:
    assert incomplete_beta(a, b, x) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("a", "b", "p", "expected"), INVERSE_REFERENCE)
def test_the_inverse_agrees_with_the_reference(a: float, b: float, p: float, expected: float) -> None:
    assert inverse_incomplete_beta(a, b, p) == pytest.approx(expected, rel=1e-12)


@given(a=shapes, b=shapes, p=shares)
def test_the_inverse_undoes_the_function(a: float, b: float, p: float) -> None:
    x = inverse_incomplete_beta(a, b, p)
    if x < 0.5:  # an x near 1 has too few digits to be carried back
        assert incomplete_beta(a, b, x) == pytest.approx(p, rel=1e-9)


@given(a=shapes, b=shapes, x=shares)
def test_mirrored_shapes_give_the_other_tail(a: float, b: float, x: float) -> None:
    x = 1.0 - x  # so that 1 − x is exact below
    mirrored = incomplete_beta(b, a, 1.0 - x)
    assert incomplete_beta(a, b, x) + mirrored == pytest.approx(1.0, abs=1e-6)


@given(a=shapes, b=shapes, p=shares, other=shares)
def test_the_inverse_rises_with_the_probability(a: float, b: float, p: float, other: float) -> None:
    low, high = sorted((p, other))
    assert inverse_incomplete_beta(a, b, low) <= inverse_incomplete_beta(a, b, high) * (1 + 1e-9)


@given(n=st.integers(1, 60), k=st.integers(1, 60), p=shares)
def test_a_whole_tail_is_a_binomial_sum(n: int, k: int, p: float) -> None:
    k = min(k, n)
    tail = math.fsum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))
    assert incomplete_beta(k, n - k + 1, p) == pytest.approx(tail, rel=1e-9)


@pytest.mark.parametrize("end", [0.0, 1.0])
def test_the_ends_stay_the_ends(end: float) -> None:
    assert incomplete_beta(3, 4, end) == end
    assert inverse_incomplete_beta(3, 4, end) == end


@pytest.mark.parametrize("p", [1e-100, 1e-30, 1 - 1e-15])
@pytest.mark.parametrize(("a", "b"), [(0.5, 1e9), (1e9, 0.5), (0.5, 0.5), (1e6, 1e6)])
def test_far_tails_are_inverted_too(a: float, b: float, p: float) -> None:
    assert 0 < inverse_incomplete_beta(a, b, p) <= 1


@pytest.mark.parametrize(("a", "b", "x"), [(0, 1, 0.5), (1, -1, 0.5), (1, 1, 1.1), (1, 1, math.nan)])
def test_arguments_outside_the_domain_are_refused(a: float, b: float, x: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        incomplete_beta(a, b, x)
    with pytest.raises(ValueError, match="expected"):
        inverse_incomplete_beta(a, b, x)
