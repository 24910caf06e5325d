"""Colours that can be told apart: under deuteranopia, in grey or by shape, in both themes."""

import itertools
import re
import tomllib
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from aipm_metrics.figures.moderation import SHAPES
from aipm_metrics.figures.picture import Shape
from aipm_metrics.figures.style import DARK, LIGHT, MARKS, Palette, blank, palette
from aipm_metrics.sentences.moderation import CELLS

Vector = NDArray[np.float64]
ROOT = Path(__file__).parents[3]
THEMES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
FIELDS = {cell: cell.replace(" ", "_") for cell in CELLS}
PAIRS = list(itertools.combinations(CELLS, 2))
# Shapes of people that the browser can draw.
DRAWN = set(
    re.findall(
        r"^  (\w+): \(s\) =>",
        (ROOT / "pages" / "_shared" / "live" / "people.js").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)

# Deuteranopia, severity 1.0, on linear RGB: Machado, Oliveira & Fernandes (2009), "A
# physiologically-based model for simulation of color vision deficiency", IEEE Transactions on
# Visualization and Computer Graphics 15(6), 1291-1298, table 1.
DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
# sRGB to CIE XYZ, and the D65 white: IEC 61966-2-1 (1999).
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)
# CIE 1976 colour difference; some 2.3 can just be noticed side by side (Mahy, Van Eycken &
# Oosterlinck 1994, "Evaluation of uniform color spaces", Color Research & Application 19).
TOLD_APART = 20.0
TOLD_APART_IN_GREY = 8.0  # of 100 steps of lightness


def linear(colour: str) -> Vector:
    s = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(s <= 0.04045, s / 12.92, ((s + 0.055) / 1.055) ** 2.4)


def lab(rgb: Vector) -> Vector:
    """CIE 1976 L*a*b* of linear RGB."""
    t = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(a: str, b: str) -> float:
    """WCAG 2.2, contrast ratio of relative luminances."""
    high, low = sorted((float(TO_XYZ[1] @ linear(c)) for c in (a, b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measures_agree_with_known_values() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)  # WCAG's own example
    np.testing.assert_allclose(lab(linear("#ffffff")), [100, 0, 0], atol=0.02)
    np.testing.assert_allclose(lab(linear("#ff0000")), [53.24, 80.09, 67.20], atol=0.05)
    np.testing.assert_allclose(DEUTERANOPIA @ np.ones(3), 1, atol=1e-5)  # grey stays grey
    red, green = (lab(DEUTERANOPIA @ linear(c)) for c in ("#b32400", "#5c6600"))
    assert np.linalg.norm(red - green) < TOLD_APART  # the pair that must not be used


@THEMES
@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_cells_differ_to_every_eye(colours: Palette, a: str, b: str) -> None:
    one, two = (linear(getattr(colours, FIELDS[cell])) for cell in (a, b))
    assert np.linalg.norm(lab(one) - lab(two)) > TOLD_APART
    seen = lab(DEUTERANOPIA @ one) - lab(DEUTERANOPIA @ two)
    assert np.linalg.norm(seen) > TOLD_APART


@THEMES
@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_cells_differ_in_grey_or_in_shape(colours: Palette, a: str, b: str) -> None:
    one, two = (lab(linear(getattr(colours, FIELDS[cell])))[0] for cell in (a, b))
    assert abs(one - two) > TOLD_APART_IN_GREY or SHAPES[a] != SHAPES[b]


def test_the_four_cells_have_four_shapes_and_so_have_the_marks() -> None:
    assert set(SHAPES) == set(CELLS)
    assert len(set(SHAPES.values())) == len(CELLS)
    assert len(set(MARKS.values())) == len(MARKS)


def test_every_shape_can_be_drawn_and_no_other_is() -> None:
    assert set(get_args(Shape)) == DRAWN


@THEMES
def test_text_can_be_read(colours: Palette) -> None:
    assert contrast(colours.ink, colours.paper) >= 4.5


@THEMES
def test_shapes_stand_out_from_the_paper(colours: Palette) -> None:
    """At least 3 : 1 (WCAG 2.2, 1.4.11), all but `left_alone`: it is the quiet background."""
    for field in (
        *FIELDS.values(),
        "late",
        "viewers",
        "desk",
        "model",
        "chosen",
        "best",
        "compared",
    ):
        if field != "left_alone":
            assert contrast(getattr(colours, field), colours.paper) >= 3, field
    assert contrast(colours.left_alone, colours.paper) > contrast(colours.faint, colours.paper)


@THEMES
def test_neighbours_in_the_cost_stack_differ_to_every_eye(colours: Palette) -> None:
    """Less is enough than between cells: these touch, and the legend has them in order."""
    at_once = (colours.missed, colours.viewers, colours.wronged, colours.desk, colours.model)
    late = (colours.missed, colours.late, colours.viewers)
    for a, b in (*itertools.pairwise(at_once), *itertools.pairwise(late)):
        one, two = linear(a), linear(b)
        assert np.linalg.norm(lab(DEUTERANOPIA @ one) - lab(DEUTERANOPIA @ two)) > TOLD_APART / 2


@pytest.mark.parametrize("dark", [False, True])
def test_the_paper_is_the_themes_own_background(dark: bool) -> None:
    """A saved picture keeps its theme, and on the page nobody sees where it ends."""
    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    theme, colours = told["dark" if dark else "light"], palette(dark=dark)
    assert theme["backgroundColor"] == colours.paper
    assert (
        min(contrast(c, theme["backgroundColor"]) for c in (theme["textColor"], colours.ink)) >= 4.5
    )
    fig = blank(colours, x="a (km)", y="b (USD)")
    assert fig.layout.paper_bgcolor == colours.paper
    assert fig.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert (fig.layout.xaxis.title.text, fig.layout.yaxis.title.text) == ("a (km)", "b (USD)")
    assert len(fig.data) == 0
