"""What is drawn are the numbers."""

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    balanced_accuracy_score,
    f1_score,
    precision_score,
    recall_score,
)

from skdataquality.compose import RemediedClassifier
from skdataquality.imbalance import (
    ClassBalanceDisplay,
    ClassBalanceWeighter,
    ClassMetricsDisplay,
    ReliabilityDisplay,
    ThresholdDisplay,
    WeakSlicesDisplay,
    imbalance_lens,
)

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")
plt = pytest.importorskip("matplotlib.pyplot")

NAMES = np.array(["ham", "spam $5", "a very long name of a class, the rarest"])


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def table():
    X, codes = make_classification(
        1500,
        n_informative=4,
        n_classes=3,
        weights=[0.85, 0.12, 0.03],
        random_state=0,
    )
    return X, NAMES[codes]


def test_bars_are_the_rows_and_marks_what_the_prior_would_give(table):
    y = table[1]
    prior = {NAMES[0]: 0.5, NAMES[1]: 0.3, NAMES[2]: 0.2}
    display = ClassBalanceDisplay.from_labels(y, prior=prior)
    classes = display.classes[display.order_]
    np.testing.assert_array_equal(
        [bar.get_width() for bar in display.bars_], [(y == c).sum() for c in classes]
    )
    np.testing.assert_allclose(
        display.expected_.get_offsets()[:, 0], [1500 * prior[c] for c in classes]
    )
    twice = ClassBalanceDisplay.from_labels(y, sample_weight=np.full(1500, 2.0))
    np.testing.assert_array_equal(twice.counts, 2 * display.counts)


def test_of_many_classes_the_rarest_are_drawn():
    y = np.repeat(np.arange(50), np.arange(1, 51))
    display = ClassBalanceDisplay.from_labels(y, max_classes=4)
    assert display.order_.tolist() == [49, 2, 1, 0]
    assert "of 50" in display.ax_.get_title()


def test_points_of_classes_are_those_of_the_lens(table):
    _, y = table
    rng = np.random.default_rng(0)
    lens = imbalance_lens(y, rng.dirichlet(np.ones(3), size=y.size))
    display = ClassMetricsDisplay.from_lens(lens)
    lines = {line["class"]: line for line in lens.evidence["classes"]}
    assert display.classes_[0] == NAMES[0]
    for metric, points in display.points_.items():
        drawn = points.lines[0].get_xdata()
        np.testing.assert_allclose(
            drawn, [lines[c][metric].estimate for c in display.classes_]
        )


def test_bins_hold_every_row_once_and_straddle_the_diagonal_if_calibrated():
    rng = np.random.default_rng(0)
    p = rng.beta(0.5, 5, size=20_000)
    true = rng.random(p.size) < p
    display = ReliabilityDisplay(true, {"true": p, "doubled": np.minimum(2 * p, 1)})
    bins = display.plot().bins_
    _, _, low, high = bins["true"].T
    inside = (low <= bins["true"][:, 0]) & (bins["true"][:, 0] <= high)
    assert inside.sum() >= 8
    middle = bins["doubled"][2:8]
    assert (middle[:, 0] > middle[:, 3]).all()


def test_the_wrapper_is_drawn_before_and_after(table):
    X, y = table
    clf = RemediedClassifier(LogisticRegression(), ClassBalanceWeighter())
    clf.fit(X[:1000], y[:1000])
    display = ReliabilityDisplay.from_estimator(clf, X[1000:], y[1000:])
    code = clf.classes_.tolist().index(NAMES[2])  # the rarest
    before, after = display.probabilities.values()
    np.testing.assert_array_equal(
        before, clf.estimator_.predict_proba(X[1000:])[:, code]
    )
    np.testing.assert_array_equal(after, clf.predict_proba(X[1000:])[:, code])
    assert display.pos_label == NAMES[2]
    assert "the rarest" in display.ax_.get_ylabel()


def test_curves_are_the_metrics_at_each_threshold():
    rng = np.random.default_rng(0)
    y = rng.random(300) < 0.2
    p = rng.random(300).round(1)  # ties
    display = ThresholdDisplay.from_predictions(y, p, pos_label=True)
    metrics = {
        "recall": recall_score,
        "precision": precision_score,
        "f1": f1_score,
        "balanced_accuracy": balanced_accuracy_score,
    }
    for at, threshold in enumerate(display.thresholds_):
        called = p >= threshold
        for name, metric in metrics.items():
            if called.any() or name != "precision":
                assert display.metrics_[name][at] == pytest.approx(metric(y, called))
    assert np.isnan(display.metrics_["precision"][-1])


def test_both_columns_say_the_same_as_one():
    rng = np.random.default_rng(0)
    y = np.where(rng.random(200) < 0.3, "yes", "no")
    p = rng.random(200)
    one = ThresholdDisplay.from_predictions(y, p)
    both = ThresholdDisplay.from_predictions(y, np.column_stack([1 - p, p]))
    np.testing.assert_array_equal(one.thresholds_, both.thresholds_)
    np.testing.assert_array_equal(one.metrics_["f1"], both.metrics_["f1"])
    assert one.ax_.get_xlabel().endswith("of yes")  # the rarer


def test_displays_draw_on_given_axes(table):
    _, y = table
    _, ax = plt.subplots()
    assert ClassBalanceDisplay.from_labels(y, ax=ax).ax_ is ax
    _, ax = plt.subplots()
    shown = ThresholdDisplay.from_predictions(y == NAMES[0], np.ones(y.size), ax=ax)
    assert shown.figure_ is ax.figure


def test_what_cannot_be_drawn_is_said(table):
    X, y = table
    with pytest.raises(ValueError, match="max_classes=1 must be at least 2"):
        ClassBalanceDisplay.from_labels(y, max_classes=1)
    with pytest.raises(ValueError, match="sum to 1"):
        ClassBalanceDisplay.from_labels(["a", "b"], prior={"a": 0.5, "b": 0.1})
    with pytest.raises(ValueError, match="has judged no class"):
        ClassMetricsDisplay.from_lens(imbalance_lens(y[:0].tolist() + ["a"], [[1.0]]))
    with pytest.raises(ValueError, match="a threshold is between two"):
        ThresholdDisplay.from_predictions(y, np.ones(y.size))
    with pytest.raises(ValueError, match=r"proba has shape \(3,\)"):
        ThresholdDisplay.from_predictions([0, 1], np.ones(3))
    with pytest.raises(ValueError, match="metrics=.*accuracy.* are unknown"):
        ThresholdDisplay([True, False], [0.1, 0.9]).plot(metrics=["accuracy"])
    with pytest.raises(ValueError, match="0 of 2 rows are positive"):
        ThresholdDisplay([False, False], [0.1, 0.9]).plot()
    with pytest.raises(ValueError, match=r"probas\['a'\] has shape"):
        ReliabilityDisplay.from_predictions([0, 1], {"a": np.ones((2, 3))})
    with pytest.raises(ValueError, match="no estimator_ inside"):
        ReliabilityDisplay.from_estimator(LogisticRegression().fit(X, y), X, y)


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda y, p: ClassBalanceDisplay.from_labels(y, sample_weight=-p), "Negative"),
        (lambda y, p: ClassBalanceDisplay.from_labels(y, sample_weight=0 * p), "zero"),
        (
            lambda y, p: ReliabilityDisplay.from_predictions(y, p),
            "probas=.*: pass a dict",
        ),
        (
            lambda y, p: ReliabilityDisplay.from_predictions(y, {}),
            "probas={}: pass a dict",
        ),
        (
            lambda y, p: ReliabilityDisplay.from_predictions(
                y, {"a": np.c_[p, p]}, pos_label=5
            ),
            r"pos_label holds label\(s\) \[5\]",
        ),
        (lambda y, p: ReliabilityDisplay(y, {"a": p * np.nan}), "'a' are NaN in all"),
        (lambda y, p: ReliabilityDisplay(y, {"a": 3 * p}), r"outside of \[0, 1\]"),
        (
            lambda y, p: ThresholdDisplay.from_predictions(y, p, threshold="half"),
            "threshold='half': pass a number",
        ),
        (
            lambda y, p: ThresholdDisplay.from_predictions(y, p, threshold=2),
            "threshold=2: pass a number",
        ),
        (lambda y, p: WeakSlicesDisplay.from_result(3), "result=int has no slices"),
    ],
)
def test_what_is_no_probability_label_or_weight_is_named(draw, said):
    with pytest.raises(ValueError, match=said):
        draw(np.array([0, 1, 1]), np.array([0.2, 0.8, 0.6]))
