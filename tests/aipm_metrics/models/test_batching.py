"""Continuous batching."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.batching import batch_steady_state
from aipm_metrics.models.queueing import mmc_mean_wait, mmc_wait_quantile
from tests.aipm_metrics.models.queues import solved_chain

USED = st.floats(0.02, 0.9)  # of what can be done
TOKENS = st.floats(1, 2_000)
BASE = st.floats(1e-4, 0.05)
MORE = st.floats(1e-5, 0.005)
CAP = st.integers(1, 60)

# --- laws ---


@given(USED, TOKENS, BASE, MORE)
def test_without_a_cap_the_number_active_is_negative_binomial(
    used: float, tokens: float, base: float, more: float
) -> None:
    """Mean of scipy's own distribution; Kelly (1979), sec. 3.3, with state-dependent speed."""
    state = batch_steady_state(used / (tokens * more), tokens, base, more)
    active = stats.nbinom(base / more + 1, 1 - used)
    assert state.active == pytest.approx(active.mean(), rel=1e-9)
    assert state.max_rate == pytest.approx(1 / (tokens * more), rel=1e-12)
    met = active.ppf([0.5, 0.99])
    assert state.first_token_quantile([0.5, 0.99]) == pytest.approx(
        base + more * (met + 1), rel=1e-9
    )


@given(USED, TOKENS, BASE, MORE, CAP)
def test_littles_law_in_the_batch(
    used: float, tokens: float, base: float, more: float, cap: int
) -> None:
    for most in (cap, None):
        top = batch_steady_state(1, tokens, base, more, most).max_rate
        rate = used * top
        state = batch_steady_state(rate, tokens, base, more, most)
        assert state.active == pytest.approx(rate * tokens * state.tpot_s, rel=1e-9)
        alone = base + more
        assert alone * (1 - 1e-9) <= state.tpot_s
        assert most is None or state.tpot_s <= (base + more * most) * (1 + 1e-9)
        assert state.end_to_end_s >= tokens * alone * (1 - 1e-9)


@settings(max_examples=40)
@given(st.floats(0.05, 0.8), TOKENS, BASE, MORE, st.integers(1, 40))
def test_with_a_cap_it_is_the_solved_chain(
    used: float, tokens: float, base: float, more: float, cap: int
) -> None:
    top = cap / ((base + more * cap) * tokens)
    rate, most = used * top, cap + 150
    at = np.minimum(np.arange(1, most + 1), cap)
    shares = solved_chain([rate / top] * most, (at / ((base + more * at) * tokens) / top).tolist())
    n = np.arange(most + 1)
    state = batch_steady_state(rate, tokens, base, more, cap)
    assert state.active == pytest.approx(shares @ np.minimum(n, cap), rel=1e-6, abs=1e-9)
    waiting = shares @ np.maximum(n - cap, 0)
    assert rate * state.wait_s == pytest.approx(waiting, rel=1e-6, abs=1e-9)
    assert state.delayed == pytest.approx(shares[cap:].sum(), rel=1e-6, abs=1e-9)
    first = shares[:cap] @ (base + more * (n[:cap] + 1)) + shares[cap:].sum() * (base + more * cap)
    assert state.first_token_s == pytest.approx(state.wait_s + first, rel=1e-6)


@given(USED, TOKENS, BASE, MORE)
def test_a_cap_out_of_reach_changes_nothing(
    used: float, tokens: float, base: float, more: float
) -> None:
    """With 400 places a batch of `base/more` below 20 and 60 % use is never full."""
    base, used = min(base, 20 * more), min(used, 0.6)
    rate = used / (tokens * more)
    free, capped = (batch_steady_state(rate, tokens, base, more, cap) for cap in (None, 400))
    for name in ("active", "tpot_s", "first_token_s", "end_to_end_s"):
        assert getattr(capped, name) == pytest.approx(getattr(free, name), rel=1e-9)
    assert capped.wait_s == pytest.approx(0, abs=1e-12)
    share = 0.99
    assert capped.first_token_quantile(share) == pytest.approx(
        free.first_token_quantile(share), rel=1e-9
    )


@given(st.floats(0.05, 0.95), st.floats(1, 500), BASE, CAP)
def test_without_a_price_for_company_places_are_servers(
    used: float, tokens: float, base: float, cap: int
) -> None:
    """M/M/c with one server per place."""
    mu = 1 / (tokens * base)
    rate = used * cap * mu
    state = batch_steady_state(rate, tokens, base, 0, cap)
    assert state.wait_s == pytest.approx(mmc_mean_wait(rate, mu, cap), rel=1e-8)
    assert state.wait_quantile(0.99) == pytest.approx(
        mmc_wait_quantile(rate, mu, cap, 0.99), rel=1e-7, abs=1e-12
    )
    assert state.tpot_s == pytest.approx(base)


@given(USED, TOKENS, BASE, MORE, CAP, st.floats(0.01, 0.999))
def test_the_first_token_is_as_late_as_its_quantile_says(
    used: float, tokens: float, base: float, more: float, cap: int, share: float
) -> None:
    """The distribution is one of atoms and an exponential; counted here state by state."""
    rate = used * cap / ((base + more * cap) * tokens)
    state = batch_steady_state(rate, tokens, base, more, cap)
    n = np.arange(cap)
    weights = stats.nbinom.pmf(n, base / more + 1, 1 - rate * tokens * more)
    inside = weights / weights.sum() * (1 - state.delayed)
    when = base + more * (n + 1)
    spare = cap / ((base + more * cap) * tokens) - rate

    def share_by(t: float) -> float:
        full = base + more * cap
        late = state.delayed * (np.exp(-spare * (t - full)) if t >= full else 1.0)
        return float(inside[when <= t].sum() + (state.delayed - late))

    quantile = float(state.first_token_quantile(share))
    assert share_by(quantile * (1 + 1e-9)) >= share - 1e-9
    assert share_by(quantile * (1 - 1e-9)) <= share + 1e-7


@given(USED, TOKENS, BASE, MORE, CAP, st.integers(1, 8))
def test_replicas_share_the_requests(
    used: float, tokens: float, base: float, more: float, cap: int, replicas: int
) -> None:
    one = batch_steady_state(1, tokens, base, more, cap)
    rate = used * one.max_rate
    single = batch_steady_state(rate, tokens, base, more, cap)
    many = batch_steady_state(rate * replicas, tokens, base, more, cap, replicas=replicas)
    assert many.tpot_s == pytest.approx(single.tpot_s, rel=1e-9)
    assert many.wait_s == pytest.approx(single.wait_s, rel=1e-6)
    assert many.max_rate == pytest.approx(replicas * one.max_rate)


@given(USED, TOKENS, BASE, MORE, CAP, st.floats(1e-2, 1e2))
def test_the_unit_of_time_does_not_matter(
    used: float, tokens: float, base: float, more: float, cap: int, unit: float
) -> None:
    rate = used * cap / ((base + more * cap) * tokens)
    one = batch_steady_state(rate, tokens, base, more, cap)
    other = batch_steady_state(rate / unit, tokens, base * unit, more * unit, cap)
    assert other.active == pytest.approx(one.active, rel=1e-9)
    assert other.wait_s == pytest.approx(one.wait_s * unit, rel=1e-7, abs=1e-200)


# --- numbers ---


@pytest.mark.parametrize(
    ("base", "more", "tokens", "rate", "active", "tpot_ms"),
    [
        pytest.param(0.004, 0.00032, 256, 2, 2.645235, 5.166475, id="vllm-sr-sim's H100 profile"),
        pytest.param(0.004, 0.00032, 256, 6, 13.049717, 8.495909, id="six a second"),
        pytest.param(0.004, 0.00032, 256, 10, 61.168142, 23.893805, id="ten a second"),
        pytest.param(0.008, 0.00065, 300, 1, 3.223602, 10.745342, id="vllm-sr-sim's A100 profile"),
        pytest.param(0.008, 0.00065, 300, 3, 18.759036, 20.843373, id="three a second"),
        pytest.param(0.008, 0.00065, 300, 4.5, 95.326531, 70.612245, id="nearly too many"),
    ],
)
def test_profiles(
    base: float, more: float, tokens: float, rate: float, active: float, tpot_ms: float
) -> None:
    """``(W + H) / (1 - b)`` per token, with the profiles' iteration times W + H n."""
    state = batch_steady_state(rate, tokens, base, more)
    assert state.active == pytest.approx(active, abs=5e-7)
    assert 1000 * state.tpot_s == pytest.approx(tpot_ms, abs=5e-7)


def test_a_small_batch_waits_outside_and_a_large_one_is_slower_inside() -> None:
    state = batch_steady_state(3, 300, 0.008, 0.00065, cap=[16, 24, 1000])
    assert state.wait_s.tolist()[0] == np.inf
    assert state.max_rate[0] == pytest.approx(2.899, abs=5e-4)
    assert state.wait_s[1] == pytest.approx(0.753, abs=5e-4)
    assert (1000 * state.tpot_s)[1:] == pytest.approx([20.38, 20.84], abs=5e-3)
    assert state.stable.tolist() == [False, True, True]


def shared_speed(rate: float, lengths: np.ndarray, rng: np.random.Generator) -> float:
    """Mean number active in a simulated replica, requests of given lengths served together."""
    base, more = 0.008, 0.00065
    left: list[float] = []
    clock = area = 0.0
    for gap, length in zip(rng.exponential(1 / rate, lengths.size), lengths, strict=True):
        until = clock + gap
        while left:
            iteration = base + more * len(left)
            done = min(left)
            step = min(until - clock, done * iteration)
            area += len(left) * step
            clock += step
            left = [x - step / iteration for x in left if x - step / iteration > 1e-9]
            if clock >= until - 1e-12:
                break
        clock = until
        left.append(length)
    return area / clock


@pytest.mark.parametrize("kind", ["all alike", "lognormal"])
def test_only_the_mean_length_counts(kind: str) -> None:
    """Insensitivity, simulated: the mean number active within four standard errors."""
    rng, runs, n = np.random.default_rng(3), 40, 700
    found = []
    for _ in range(runs):
        lengths = np.full(n, 300.0) if kind == "all alike" else rng.lognormal(5.1, 1.0, n)
        rate = 2 * 300 / (300.0 if kind == "all alike" else np.exp(5.6))
        found.append(shared_speed(rate, lengths, rng))
    expected = batch_steady_state(2, 300, 0.008, 0.00065).active
    assert abs(np.mean(found) - expected) < 4 * np.std(found, ddof=1) / np.sqrt(runs)


# --- limits ---


def test_too_much_is_endless() -> None:
    free = batch_steady_state([10.0, 11.0], 100, 0.010, 0.001)
    assert np.isinf(free.tpot_s).all()
    assert np.isinf(free.active).all()
    assert np.isinf(free.first_token_quantile(0.5)).all()
    assert np.isinf(free.end_to_end_s).all()
    capped = batch_steady_state(10, 100, 0.010, 0.001, cap=10)
    assert (capped.wait_s, capped.active, capped.delayed) == (np.inf, 10, 1)
    assert capped.tpot_s == pytest.approx(0.020)
    assert np.isinf(capped.first_token_quantile(0.5))
    assert np.isinf(capped.wait_quantile(0.5))
    assert np.isinf(capped.first_token_s)


def test_nobody_comes_and_a_token_takes_one_iteration_alone() -> None:
    for cap in (None, 4):
        state = batch_steady_state(0, 100, 0.010, 0.001, cap)
        assert (state.active, state.wait_s, state.delayed) == (0, 0, 0)
        assert state.tpot_s == pytest.approx(0.011)
        assert state.first_token_quantile([0, 0.5, 1]).tolist() == pytest.approx([0.011] * 3)


def test_without_a_price_for_company_there_is_no_limit() -> None:
    """M/G/infinity: the number active is Poisson, and nobody slows anybody down."""
    state = batch_steady_state(1e6, 100, 0.010, 0)
    assert (state.max_rate, state.tpot_s) == (np.inf, 0.010)
    assert state.active == pytest.approx(1e6)
    assert state.first_token_quantile(0.99) == pytest.approx(0.010)


def test_one_place_is_a_queue_and_everything_broadcasts() -> None:
    state = batch_steady_state(0.5, 100, 0.009, 0.001, cap=1)
    assert state.wait_s == pytest.approx(mmc_mean_wait(0.5, 1, 1))
    many = batch_steady_state(np.ones((3, 1)), 100, 0.009, 0.001, cap=[2, 4])
    assert many.wait_s.shape == many.first_token_quantile(0.9).shape == (3, 2)
    assert many.wait_s[0, 1] == batch_steady_state(1, 100, 0.009, 0.001, cap=4).wait_s


# --- refusals ---


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ((-1, 1, 1, 1), "`requests_per_s` must be finite and >= 0"),
        ((1, 0.5, 1, 1), "`output_tokens` must be at least 1; got 0.5"),
        ((1, 1, -1, 1), "`base_s` must be finite and >= 0"),
        ((1, 1, 1, np.nan), "`per_active_s` must be finite"),
        ((1, 1, 0, 0), "must not both be 0 s"),
        ((1, 1, 1, 1, 0), "`cap` must be whole"),
    ],
)
def test_refusals_name_the_field(inputs: tuple[float, ...], said: str) -> None:
    with pytest.raises(MetricsError, match=said):
        batch_steady_state(*inputs)


def test_replicas_and_shares_are_refused_too() -> None:
    with pytest.raises(MetricsError, match="`replicas` must be whole"):
        batch_steady_state(1, 1, 1, 1, replicas=0)
    with pytest.raises(MetricsError, match="`probability` must lie"):
        batch_steady_state(0.1, 1, 1, 1).first_token_quantile(2)
