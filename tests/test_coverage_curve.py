"""How much of a pool the first picks stand for, in numbers and as a figure."""

import json
import tracemalloc

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.exceptions import NotFittedError

from skdataquality.active_learning import (
    CoverageCurveDisplay,
    DiversitySelector,
    coverage_curve,
)

mpl.use("agg")
PASS = {"embedding": "passthrough"}


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def pool(n=300, columns=3, seed=0):
    return np.random.default_rng(seed).normal(size=(n, columns))


@pytest.fixture(scope="module")
def selector():
    return DiversitySelector(60, **PASS)


@given(st.integers(0, 1000), st.floats(0.1, 3))
@settings(max_examples=20, deadline=None)
def test_measures_are_those_of_all_distances(seed, distance):
    X = pool(seed=seed)
    picks = np.random.default_rng(seed).permutation(300)[:50]
    curve = coverage_curve(X, picks, **PASS, distance=distance, n_random=0)
    scale = np.median(np.square(X - X.mean(axis=0)).sum(axis=1)) ** 0.5
    for size, share, radius, similarity in zip(
        curve.sizes, curve.share, curve.radius, curve.similarity, strict=True
    ):
        away = cdist(X, X[picks[:size]]).min(axis=1)
        assert share == (away <= distance).mean()
        assert radius == pytest.approx(away.max())
        assert similarity == pytest.approx(np.exp(-away / scale).mean())
    assert curve.n_rows == 300


def test_the_default_distance_is_half_the_usual_square_from_the_mean():
    X = pool(301)
    squared = np.square(X - X.mean(axis=0)).sum(axis=1)
    curve = coverage_curve(X, [0], **PASS, n_random=0)
    assert curve.distance**2 == pytest.approx(np.median(squared) / 2)


def test_more_picks_represent_no_less():
    curve = coverage_curve(pool(), np.arange(100), **PASS, random_state=0)
    for name in ("share", "similarity"):
        assert (np.diff(getattr(curve, name)) >= 0).all()
        assert (np.diff(getattr(curve, f"random_{name}"), axis=1) >= 0).all()
    assert (np.diff(curve.radius) <= 0).all()
    assert (np.diff(curve.random_radius, axis=1) <= 0).all()


def test_all_rows_represent_all_to_the_last():
    X = np.repeat(pool(50), 2, axis=0)
    curve = coverage_curve(X, np.arange(100), **PASS, distance=0.0, random_state=0)
    assert (curve.share[-1], curve.radius[-1], curve.similarity[-1]) == (1, 0, 1)
    assert curve.random_share[:, -1].tolist() == [1] * 5
    assert coverage_curve(X, [0], **PASS, distance=0.0).share.tolist() == [0.02]


def test_scale_does_not_matter():
    X, picks = pool(), np.arange(40)
    here = coverage_curve(X, picks, **PASS, random_state=0)
    there = coverage_curve(1000 * X, picks, **PASS, random_state=0)
    np.testing.assert_allclose(here.share, there.share)
    np.testing.assert_allclose(here.similarity, there.similarity)
    np.testing.assert_allclose(1000 * here.radius, there.radius)
    np.testing.assert_allclose(here.random_share, there.random_share)


def test_each_cluster_needs_one_pick():
    rng = np.random.default_rng(0)
    which = rng.choice(8, size=2000, p=np.r_[0.65, np.full(7, 0.05)])
    X = rng.normal(size=(2000, 3)) + 100 * np.eye(8)[which][:, :3] + 40 * which[:, None]
    selector = DiversitySelector(30, **PASS)
    selector.fit_resample(X)
    curve = coverage_curve(X, selector.selection_order_, **PASS, random_state=0)
    assert curve.rows_for(1.0) == 8
    assert curve.random_rows_for(1.0) is None or curve.random_rows_for(1.0) > 8


def test_rows_for_a_share_are_the_fewest_measured_that_do():
    curve = coverage_curve(pool(), np.arange(200), **PASS, random_state=0)
    for share in (0.05, 0.3, float(curve.share[-1])):
        n = curve.rows_for(share)
        assert curve.share[curve.sizes == n] >= share
        assert (curve.share[curve.sizes < n] < share).all()
        random = curve.random_rows_for(share)
        mean = curve.random_share.mean(axis=0)
        assert random is None or (mean[curve.sizes < random] < share).all()
    few = coverage_curve(pool(), [0], **PASS, n_random=0)
    assert few.rows_for(1.0) is None
    assert few.random_rows_for(0.1) is None
    with pytest.raises(ValueError, match="share=1.5: pass a number above 0"):
        curve.rows_for(1.5)


def test_k_center_has_a_smaller_radius_than_random_rows(selector):
    X = pool(2000, 4)
    picks = DiversitySelector(200, **PASS)
    picks.fit_resample(X)
    curve = coverage_curve(X, picks.selection_order_, **PASS, random_state=0)
    wide = curve.sizes >= 20
    assert (curve.radius < curve.random_radius.min(axis=0))[wide].all()
    assert curve.radius[-1] == pytest.approx(picks.radius_)


def test_a_seed_gives_the_same_curve():
    X, picks = pool(), np.arange(40)
    first, again = (coverage_curve(X, picks, random_state=3) for _ in range(2))
    assert first.to_dict() == again.to_dict()
    assert first.to_dict() != coverage_curve(X, picks, random_state=4).to_dict()


def test_results_can_be_written_and_read():
    curve = coverage_curve(pool(), np.arange(40), sizes=[10, 40, 20], random_state=0)
    assert json.loads(json.dumps(curve.to_dict()))["sizes"] == [10, 20, 40]
    frame = curve.to_frame()
    assert frame["size"].tolist() == [10, 20, 40]
    assert frame["random_radius"].tolist() == curve.random_radius.mean(axis=0).tolist()
    assert "picks=40" in repr(curve)
    assert "random_share" in curve._repr_html_()


X_SMALL = pool(20)


@pytest.mark.parametrize(
    ("picks", "options", "message"),
    [
        ([], {}, "picks has shape"),
        ([0.5], {}, "picks has shape"),
        ([[0]], {}, "picks has shape"),
        ([20], {}, "row 20, and X has the rows 0 to 19"),
        ([-1], {}, "row -1"),
        ([3, 3], {}, "a row twice"),
        ([3], {"sizes": [2]}, "from 1 to the 1 picks"),
        ([3], {"sizes": [0]}, "from 1 to the 1 picks"),
        ([3], {"sizes": []}, "from 1 to the 1 picks"),
        ([3], {"distance": -1}, "distance=-1: pass a number of 0 or more"),
        ([3], {"n_random": -1}, "n_random=-1: pass a whole number"),
    ],
)
def test_wrong_arguments_raise_and_say_what_to_pass(picks, options, message):
    with pytest.raises(ValueError, match=message):
        coverage_curve(X_SMALL, picks, **options)


def test_points_that_are_not_finite_raise():
    X = X_SMALL.copy()
    X[3, 1] = np.nan
    with pytest.raises(ValueError, match=r"NaN or infinity in row\(s\) 3"):
        coverage_curve(X, [0], **PASS)


def test_memory_is_a_few_numbers_for_each_row():
    X = np.random.default_rng(0).normal(size=(50_000, 4)).astype(np.float32)
    coverage_curve(X[:1000], np.arange(100), **PASS)
    tracemalloc.start()
    coverage_curve(X, np.arange(300), **PASS, n_random=2, random_state=0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak / len(X) < 150  # bytes; a distance to each pick would be 1200


# ------------------------------------------------------------------- the figure
def test_the_figure_shows_the_curve(selector):
    X = pool()
    selector.fit_resample(X)
    display = CoverageCurveDisplay.from_estimator(selector, X, random_state=0)
    curve = display.curve
    np.testing.assert_array_equal(display.line_.get_xdata(), curve.sizes)
    np.testing.assert_array_equal(display.line_.get_ydata(), curve.share)
    drawn = curve.random_share.mean(axis=0)
    np.testing.assert_array_equal(display.random_line_.get_ydata(), drawn)
    assert display.figure_ is display.ax_.figure
    radius = display.plot(measure="radius", level=None)
    np.testing.assert_array_equal(radius.line_.get_ydata(), curve.radius)
    assert radius.ax_.get_title() == ""


def test_the_title_says_how_many_are_enough(selector):
    X = pool()
    selector.fit_resample(X)
    display = CoverageCurveDisplay.from_picks(
        X, selector.selection_order_, **PASS, n_random=0, level=0.5
    )
    n = display.curve.rows_for(0.5)
    assert display.ax_.get_title() == f"{n} picks represent 50% of 300 rows"
    assert display.random_line_ is None
    alone = CoverageCurveDisplay.from_picks(X, [0], **PASS, random_state=0).ax_
    assert "(random rows: more than 1 for 90%)" in alone.get_title()


def test_columns_of_weights_and_groups_are_left_out():
    frame = pd.DataFrame(pool(), columns=list("abc")).assign(
        w=np.arange(1.0, 301), g=np.arange(300) % 2
    )
    selector = DiversitySelector(30, **PASS, weights="w", balance="uniform", by="g")
    selector.fit_resample(frame)
    display = CoverageCurveDisplay.from_estimator(selector, frame, n_random=0)
    assert display.curve.radius[-1] == pytest.approx(selector.radius_)


def test_wrong_figures_raise(selector):
    with pytest.raises(NotFittedError):
        CoverageCurveDisplay.from_estimator(DiversitySelector(), pool())
    curve = coverage_curve(pool(), [0])
    with pytest.raises(ValueError, match="measure='area' must be one of"):
        CoverageCurveDisplay(curve).plot(measure="area")
