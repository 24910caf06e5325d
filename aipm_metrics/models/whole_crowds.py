"""Shares as whole people of one crowd, at every position of a hand.

Axis letter: `t` positions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats

__all__ = ["whole_crowds"]


def whole_crowds(shares: Mapping[str, Floats], of: int) -> dict[str, NDArray[np.int64]]:
    """Round shares that add up to 1 to people that add up to `of`, by largest remainder.

    Parameters
    ----------
    shares : dict of str to (t,) floats
        Share of each cell; they add up to 1 at every position.
    of : int
        Size of the crowd.

    Returns
    -------
    dict of str to (t,) ints
        Of two equal remainders the cell that is named first is rounded up (Hamilton's method).

    Examples
    --------
    >>> found = whole_crowds({"ill": np.array([0.004, 0.26]), "well": np.array([0.996, 0.74])}, 100)
    >>> found["ill"].tolist(), found["well"].tolist()
    ([0, 26], [100, 74])
    """
    exact = np.stack(np.broadcast_arrays(*shares.values())).astype(float) * of
    # 1e-9 forgives 0.29 times 100 stored as a hair less than 29.
    whole: Any = np.floor(exact + 1e-9).astype(np.int64)
    missing = of - whole.sum(axis=0)
    order = np.argsort(whole - exact, axis=0, kind="stable")
    rank = np.argsort(order, axis=0, kind="stable")
    whole += rank < missing
    return dict(zip(shares, whole, strict=True))
