"""Where a loss on target rows comes from: sums, invariances and known causes."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LinearRegression, LogisticRegression

from skdataquality.shift import (
    PerformanceDropDisplay,
    TargetData,
    decompose_performance_drop,
)
from skdataquality.shift._performance._drop_parts import BothSides
from skdataquality.shift._performance._row_losses import loss_of_rows

mpl.use("agg")
LR = LogisticRegression()
PARTS = ("covariate_source", "concept", "covariate_target")


def draw(seed, *, mean=0.0, angle=0.0, n=400, m=300):
    rng = np.random.default_rng(seed)
    X, X_target = rng.normal(size=(n, 2)), rng.normal(size=(m, 2))
    X_target[:, 0] += mean
    turned = np.cos(angle) * X_target[:, 0] + np.sin(angle) * X_target[:, 1]
    y = rng.random(n) < expit(2 * X[:, 0])
    return X, y.astype(int), X_target, (rng.random(m) < expit(2 * turned)).astype(int)


def decomposed(data, model=LR, **options):
    X, y, X_target, y_target = data
    options = {"n_bootstrap": 60, **options}
    return decompose_performance_drop(
        model, X, y, X_target=X_target, y_target=y_target, **options
    )


def covers_zero(interval):
    return interval.lower <= 0 <= interval.upper


@pytest.mark.parametrize("loss", ["zero_one", "log_loss", "brier"])
def test_parts_sum_to_the_drop(loss):
    result = decomposed(draw(0, mean=1.0, angle=0.5), loss=loss)
    total = sum(getattr(result, part).estimate for part in PARTS)
    assert result.drop.estimate == pytest.approx(total, abs=1e-15)
    whole = result.loss_target.estimate - result.loss_source.estimate
    assert result.drop.estimate == pytest.approx(whole, abs=1e-15)


def test_each_cause_is_named():
    covariate = [decomposed(draw(seed, mean=1.5)) for seed in range(5)]
    assert sum(covers_zero(r.concept) for r in covariate) >= 4
    assert np.mean([r.covariate_target.estimate for r in covariate]) < -0.02  # easier
    concept = [decomposed(draw(seed, angle=1.2)) for seed in range(5)]
    for part in ("covariate_source", "covariate_target"):
        assert sum(covers_zero(getattr(r, part)) for r in concept) >= 4
    assert all(r.concept.lower > 0.05 for r in concept)


def test_identical_sides_have_no_drop():
    X, y, _, _ = draw(0)
    result = decomposed((X, y, X.copy(), y.copy()))
    for part in PARTS:
        assert covers_zero(getattr(result, part))
    assert abs(result.drop.estimate) < 0.03


def test_order_of_rows_and_container_do_not_matter():
    X, y, X_target, y_target = draw(0, mean=1.0)
    rng = np.random.default_rng(1)
    ours, theirs = rng.permutation(y.size), rng.permutation(y_target.size)
    plain = decomposed((X, y, X_target, y_target))
    frame = pd.DataFrame(X[ours], columns=["a", "b"])
    target = pd.DataFrame(X_target[theirs], columns=["a", "b"])
    mixed = decomposed((frame, y[ours], TargetData(target, y_target[theirs]), None))
    assert plain.to_dict() == mixed.to_dict()


def test_weights_are_exact_where_the_domain_model_is():
    """Both sides, weighted, have the mean of p q / (p + q) over three cells."""
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.3, 0.6])
    n, m = 1000, 500
    cell = np.r_[np.repeat([0, 1, 2], (n * p).astype(int))]
    cell = np.r_[cell, np.repeat([0, 1, 2], (m * q).astype(int))]
    side = np.repeat([0, 1], [n, m])
    proba = (m * q / (m * q + n * p))[cell]
    loss = np.array([1.0, 5.0, 2.0])[cell]
    rows = np.arange(n + m)
    sides = BothSides(side, loss, np.zeros((n + m, 1)), proba, rows)
    shared = p * q / (p + q)
    expected = shared @ [1.0, 5.0, 2.0] / shared.sum()
    means = sides.means()
    assert means[1] == pytest.approx(expected, rel=1e-3)
    assert means[2] == pytest.approx(expected, rel=1e-3)


def test_copies_do_not_narrow_the_intervals():
    X, y, X_target, y_target = draw(0, angle=0.5, n=200, m=200)
    once = decomposed((X, y, X_target, y_target), loss="brier", n_bootstrap=200)
    five = [np.repeat(part, 5, axis=0) for part in (X, y, X_target, y_target)]
    often = decomposed(five, loss="brier", n_bootstrap=200)
    width = once.loss_source.upper - once.loss_source.lower
    assert often.loss_source.upper - often.loss_source.lower > 0.8 * width


def test_losses_of_rows():
    proba = np.array([[0.8, 0.2], [0.4, 0.6], [0.5, 0.5]])
    labels, codes = np.array(["a", "a", "?"]), np.array([0, 0, -1])
    assert loss_of_rows("zero_one", labels, proba, codes).tolist() == [0, 1, 1]
    log_loss = loss_of_rows("log_loss", labels, proba, codes)
    assert log_loss[:2] == pytest.approx(-np.log([0.8, 0.4]))
    brier = loss_of_rows("brier", labels, proba, codes)
    assert brier == pytest.approx([0.08, 0.72, 1.5])
    numbers, predicted = np.array([1.0, 2.0]), np.array([3.0, 1.0])
    assert loss_of_rows("absolute", numbers, predicted).tolist() == [2, 1]
    assert loss_of_rows("squared", numbers, predicted).tolist() == [4, 1]
    own = loss_of_rows(lambda y, p: p[:, 0] * (y == "a"), labels, proba, codes)
    assert own.tolist() == [0.8, 0.4, 0]


def test_numbers_as_labels():
    rng = np.random.default_rng(0)
    X, X_target = rng.normal(size=(300, 2)), rng.normal(size=(200, 2))
    y, y_target = X[:, 0] + rng.normal(size=300), X_target[:, 1]
    data = X, y, X_target, y_target + rng.normal(size=200)
    result = decomposed(data, LinearRegression(), loss="squared")
    assert result.concept.estimate == pytest.approx(2, abs=0.8)
    assert covers_zero(result.covariate_target)
    assert decomposed(data, LinearRegression()).loss == "absolute"
    with pytest.raises(ValueError, match="no loss for numbers"):
        decomposed(data, LinearRegression(), loss="brier")


def test_bad_input_and_what_cannot_be_trusted():
    X, y, X_target, y_target = draw(0)
    with pytest.raises(ValueError, match="no loss for classes"):
        decomposed((X, y, X_target, y_target), loss="squared")
    with pytest.raises(ValueError, match="labels of target rows are needed"):
        decomposed((X, y, X_target, None))
    with pytest.raises(ValueError, match="at least 2 target rows"):
        decomposed((X, y, X_target[:3], [1, None, None]))
    with pytest.raises(ValueError, match="one finite number for each row"):
        decomposed((X, y, X_target, y_target), loss=lambda y, proba: 1.0)
    with pytest.raises(ValueError, match="n_bootstrap=3"):
        decomposed((X, y, X_target, y_target), n_bootstrap=3)
    few = decomposed((X, y, X_target[:20], y_target[:20]))
    assert not few.is_trusted
    assert "30 are the fewest" in few.reason
    assert "cannot_be_trusted" in repr(few)
    assert decomposed((X, y, X_target, y_target)).is_trusted


def test_waterfall():
    result = decomposed(draw(0, mean=1.0, angle=0.8))
    display = result.plot()
    ends = [bar.get_y() + bar.get_height() for bar in display.bars_]
    assert ends[0] == result.loss_source.estimate
    assert ends[3] == pytest.approx(result.loss_target.estimate)
    assert ends[4] == result.loss_target.estimate
    assert [bar.get_y() for bar in display.bars_][1:4] == pytest.approx(ends[:3])
    with pytest.raises(ValueError, match="pass what decompose_performance_drop"):
        PerformanceDropDisplay(3).plot()
    mpl.pyplot.close("all")


def test_frame_and_dict():
    result = decomposed(draw(0))
    assert result.to_frame().shape == (8, 4)
    assert result.to_dict()["concept"]["level"] == 0.95
