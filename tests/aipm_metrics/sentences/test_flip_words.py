"""How far a flip point is: said as people say it, whatever the two values are."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.sentences.flip_words import how_far

VALUES = st.one_of(
    st.just(0.0),
    st.floats(1e-6, 1e9),
    st.floats(-1e3, 1e3).filter(lambda x: not 0 < abs(x) < 1e-6),
)
UNITS = ("USD", "share", "chance", "probability", "min", "log odds", "o'clock", "")


@given(VALUES, VALUES, st.sampled_from(UNITS))
def test_a_distance_is_words_with_a_number_and_never_a_nan(
    today: float, at: float, unit: str
) -> None:
    said = how_far(today, at, unit)
    assert not re.search(r"nan|inf|-", said)
    if at > 2.01 * today > 0 and unit not in {"log odds", "o'clock"}:
        assert said.endswith(" times today's")
    if said.endswith(("more", "less")):
        assert said.endswith("more") == (at > today)
    if said == "next to nothing":
        assert math.isclose(today, at, rel_tol=0.005)


@pytest.mark.parametrize(
    ("today", "at", "unit", "said"),
    [
        (0.95, 0.96, "share of answers", "1 point more"),
        (0.96, 0.5, "share", "46 points less"),
        (0.01, 0.04, "share of posts", "4 times today's"),
        (9.0, 10.0, "o'clock", "1 h more"),
        (100.0, 60.0, "steps", "40 % less"),
    ],
)
def test_a_distance_in_its_own_words(today: float, at: float, unit: str, said: str) -> None:
    assert how_far(today, at, unit).replace("\N{NO-BREAK SPACE}", " ") == said
