"""Parts of a crowd as whole people that add up to it, whatever the parts are.

Axis letters: `t` positions, `m` parts. Nothing here is random.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["whole_parts"]

HAIR = 1e-9  # of a person: a half that a float holds as a hair less still rounds up


def whole_parts(shares: ArrayLike, of: int) -> Any:
    """Round parts of a crowd to whole people by rounding their running sum.

    So the first so many parts together are right to half a person, each part to within one, and
    a part that grows never makes all parts together fewer.

    Parameters
    ----------
    shares : (..., m) floats, at least 0
        Their sum is at most 1.
    of : int

    Returns
    -------
    (..., m) integers

    Examples
    --------
    >>> whole_parts([0.004, 0.004, 0.004], 100).tolist()
    [0, 1, 0]
    """
    sums = np.cumsum(np.asarray(within("shares", shares, 0, 1), float), axis=-1) * of
    ends = np.floor(sums + (0.5 + HAIR)).astype(np.int64)
    return np.diff(ends, axis=-1, prepend=0)
