"""Where a function of one number is zero."""

from collections.abc import Callable


def root(of: Callable[[float], float], low: float, high: float, within: float = 1e-10) -> float:
    """A place between low and high where `of` changes sign, to `within`; its signs at the two ends must differ, or one of them be 0.

    Source: Chandrupatla 1997, Adv. Eng. Softw. 28:145: inverse quadratic steps where they are safe, halving elsewhere.

    >>> round(root(lambda x: x * x - 2, 0.0, 2.0), 9)
    1.414213562
    """
    a, b = low, high
    at_a, at_b = of(a), of(b)
    part = 0.5
    while True:
        x = a + part * (b - a)
        at_x = of(x)
        if (at_x > 0) == (at_a > 0):
            c, at_c = a, at_a
        else:
            c, at_c, b, at_b = b, at_b, a, at_a
        a, at_a = x, at_x
        least = within / 2 / abs(b - a) if a != b else 1.0
        if least > 0.5 or at_a == 0 or at_b == 0:
            return a if abs(at_a) < abs(at_b) else b
        part = min(1 - least, max(least, _quadratic((a, at_a), (b, at_b), (c, at_c))))


def _quadratic(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Which part of the way from a to b the parabola through the three points says; a half where it cannot be trusted."""
    (xa, ya), (xb, yb), (xc, yc) = a, b, c
    if yc in (ya, yb) or xc == xb:
        return 0.5
    xi, phi = (xa - xb) / (xc - xb), (ya - yb) / (yc - yb)
    if not (phi * phi < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    return ya / (yb - ya) * yc / (yb - yc) + (xc - xa) / (xb - xa) * ya / (yc - ya) * yb / (yc - yb)
