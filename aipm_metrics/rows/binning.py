"""Cells for more distinct scores than can be kept: narrow where the scores of both classes are.

A score is carried onto u in [0, 1] by a rising curve, and [0, 1] is cut into cells of equal
width. Scores that are shares of 1 go by their odds, ``u = 1 / (1 + (a / odds)^c)``: even over
log-odds, with `a` half-way between the classes. Others go by ``softsign((x - m) / s)``, and where
they spread over many powers of ten by the root of ``|x| / s``.

Only ``+ - * /``, square roots and floor are asked for, which IEEE 754 rounds correctly, and in
an order in which each step rises or falls with the score. So all engines put a score into the
same cell, and no cell holds a score above one in the next: counts at the smallest score of each
cell are exact, whatever the curve. Means and logarithms only choose the curve, whose numbers are
rounded to powers of two lest the order of a sum matter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from aipm_metrics.rows.looking import Look
    from aipm_metrics.rows.scored import Scored

__all__ = ["Curve", "curve_by_means", "curve_by_spread"]

_LOGISTIC_SD = math.pi / math.sqrt(3)  # of log-odds that u spreads evenly
_FAR = 8.0  # times the typical score that its spread may be, or few outliers make up the spread
_MOST_ROOTS = 10
_LEAST, _MOST = -960, 53  # powers of two: scores and odds beyond them would overflow
_SQUARED = 2.0**-400  # of the reach: the square of less may be too small for a float
_POWERS = 1020  # powers of two that may lie between a score and the scale


@dataclass(frozen=True, slots=True)
class Curve:
    """A rising curve from scores onto [0, 1].

    Attributes
    ----------
    by_odds : bool
        Scores are shares of 1 and go by their odds; otherwise by their distance from `centre`.
    scale : float
        Odds, or distance from the centre, at which u is 1/2, or 1/4 and 3/4. A power of two.
    centre : float
        In units of `scale`; unused by odds.
    roots : int
        Square roots drawn, so that u spreads over ``2**roots`` times as wide a range of logs.
    """

    by_odds: bool
    scale: float
    centre: float = 0.0
    roots: int = 0

    def cell(self, x: Any, n: int) -> Any:
        """Ibis expression of the cell, 0 to ``n - 1``, that a float64 score lies in."""
        # `n` is a power of two: to divide it by a number is to scale the number's reciprocal.
        place = self._odds(x, float(n)) if self.by_odds else self._distance(x, float(n))
        return ibis.least(place, n - 1.0).floor().cast("int32")

    def _odds(self, x: Any, n: float) -> Any:
        kept = ibis.greatest(x, 2.0**_LEAST)
        against = (1.0 - kept) / kept * self.scale  # falls as x rises, each step of it
        return n / (1.0 + self._rooted(against))

    def _distance(self, x: Any, n: float) -> Any:
        # PostgreSQL refuses a quotient that is too small for a float, so it is 0 beforehand.
        seen = (x.abs() < self.scale * 2.0**-_POWERS).ifelse(0.0, x)
        away = seen / self.scale - self.centre
        half = n / 2 / (1.0 + self._rooted(away.abs()))
        return (away < 0.0).ifelse(half, n - half)

    def _rooted(self, value: Any) -> Any:
        for _ in range(self.roots):
            value = value.sqrt()
        return value


def curve_by_means(look: Look) -> Curve | None:
    """Choose the curve without a further call, by the class means of scores that are shares."""
    if look.low < 0 or look.high > 1:
        return None
    odds = [mean / (1.0 - mean) if mean < 1 else math.inf for mean in look.means]
    logs = [math.log2(min(max(q, 2.0**_LEAST), 2.0**_MOST)) for q in odds]
    # Not half-way between two powers, where the order of a sum could decide.
    return Curve(by_odds=True, scale=2.0 ** math.floor(sum(logs) / 2 + 0.382))


def curve_by_spread(rows: Scored, look: Look) -> Curve:
    """Choose the curve by the means and the spread of both classes, in one call."""
    if look.low >= 0 and look.high <= 1:
        return _by_odds(rows)
    return _by_distance(rows, look)


def _by_odds(rows: Scored) -> Curve:
    table = rows.complete
    inside = (table.x > 0.0) & (table.x < 1.0)
    odds = ibis.greatest(table.x, 2.0**_LEAST) / (1.0 - table.x)
    log = inside.ifelse(inside.ifelse(odds, 1.0).ln(), None)
    centre, spread = _spread(table, {"log": log})["log"]
    power = min(max(round(centre / math.log(2)), _LEAST), _MOST)
    return Curve(by_odds=True, scale=2.0**power, roots=_roots(spread))


def _by_distance(rows: Scored, look: Look) -> Curve:
    table, largest = rows.complete, max(abs(look.low), abs(look.high))
    reach = _power(look.high / 2 - look.low / 2, largest)
    # PostgreSQL refuses a square that is too small for a float, so what is small is 0 beforehand.
    low = look.low / reach if abs(look.low) >= reach * _SQUARED else 0.0
    away = (table.x.abs() < reach * _SQUARED).ifelse(0.0, table.x) / reach - low
    some = table.x != 0.0
    log = some.ifelse(some.ifelse(table.x.abs(), 1.0).ln(), None)
    found = _spread(table, {"away": away, "log": log})
    (centre, spread), (middle, logs) = found["away"], found["log"]
    typical = math.exp(min(max(middle, -709.0), 709.0))
    if 0 < spread * reach <= _FAR * typical:
        scale = _power(spread * reach, largest)
        steps = (centre + low) * reach / scale * 16
        # Not half-way between two steps, where the order of a sum could decide.
        return Curve(by_odds=False, scale=scale, centre=math.floor(steps + 0.382) / 16)
    scale = _power(typical, largest)
    return Curve(by_odds=False, scale=scale, roots=_roots(logs))


def _roots(spread: float) -> int:
    """Square roots after which logs of this standard deviation are spread evenly."""
    if spread <= _LOGISTIC_SD:
        return 0
    return min(round(math.log2(spread / _LOGISTIC_SD)), _MOST_ROOTS)


def _power(value: float, largest: float) -> float:
    """Nearest power of two, so near the largest score that their quotient is a float."""
    least = max(math.frexp(largest)[1] - _POWERS, -_POWERS)
    power = round(math.log2(value)) if value > 0 else least
    return 2.0 ** min(max(power, least), 1023)


def _spread(table: ir.Table, values: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Half-way point of the two class means, and the spread around it if classes were equal."""
    table = table.mutate(**values)  # computed once
    sums: dict[str, Any] = {}
    for name in values:
        value = table[name]
        sums |= {f"{name}_1": value.mean(), f"{name}_2": (value * value).mean()}
    lines = table.group_by("event").agg(**sums).to_pyarrow().to_pylist()
    found = {}
    for name in values:
        held = [line for line in lines if line[f"{name}_1"] is not None]
        means = [line[f"{name}_1"] for line in held] or [0.0]
        squares = [line[f"{name}_2"] for line in held] or [0.0]
        centre = sum(means) / len(means)
        variance = sum(squares) / len(squares) - centre * centre
        found[name] = (centre, math.sqrt(max(variance, 0.0)))
    return found
