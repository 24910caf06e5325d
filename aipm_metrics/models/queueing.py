"""Every queue by its textbook name, in one place to import from.

    from aipm_metrics.models.queueing import erlang_c, mmc_wait_quantile, mg1_mean_wait

Rates may be per any unit of time, and times come back in that unit. Inputs broadcast. Where work
comes in as fast as it can be done, waits are infinite: an answer, not an error.
"""

from aipm_metrics.models.erlang import erlang_b, erlang_b_table, erlang_c, erlang_c_table
from aipm_metrics.models.erlang_a import ErlangA, erlang_a
from aipm_metrics.models.finite_queue import FiniteQueue, mmck
from aipm_metrics.models.multi_server import (
    mmc_mean_wait,
    mmc_sojourn_quantile,
    mmc_sojourn_tail,
    mmc_wait_quantile,
    mmc_wait_tail,
)
from aipm_metrics.models.reneging import TimeoutQueue, mmc_timeout
from aipm_metrics.models.single_server import md1_wait_cdf, mg1_mean_wait, priority_mean_waits
from aipm_metrics.models.staffing import (
    fewest_servers,
    halfin_whitt_delayed,
    square_root_staffing,
)
from aipm_metrics.models.two_moments import (
    allen_cunneen_mean_wait,
    kingman_mean_wait,
    sakasegawa_mean_wait,
    variability_of,
)

__all__ = [
    "ErlangA",
    "FiniteQueue",
    "TimeoutQueue",
    "allen_cunneen_mean_wait",
    "erlang_a",
    "erlang_b",
    "erlang_b_table",
    "erlang_c",
    "erlang_c_table",
    "fewest_servers",
    "halfin_whitt_delayed",
    "kingman_mean_wait",
    "md1_wait_cdf",
    "mg1_mean_wait",
    "mmc_mean_wait",
    "mmc_sojourn_quantile",
    "mmc_sojourn_tail",
    "mmc_timeout",
    "mmc_wait_quantile",
    "mmc_wait_tail",
    "mmck",
    "priority_mean_waits",
    "sakasegawa_mean_wait",
    "square_root_staffing",
    "variability_of",
]
