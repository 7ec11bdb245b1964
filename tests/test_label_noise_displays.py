"""What is drawn are the numbers."""

import sys
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from skdataquality.exceptions import WeakModelWarning
from skdataquality.label_noise import (
    ConfidentJointDisplay,
    ErrorRateDisplay,
    KNNOutlierDetector,
    LabelErrorDetector,
    LabelQualityDisplay,
    confident_joint,
    find_label_issues,
    label_error_rate,
    label_quality_scores,
)
from skdataquality.report._figures import short_names
from skdataquality.utils._stats import Interval, proportion_interval

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")
plt = pytest.importorskip("matplotlib.pyplot")

NAMES = np.array(["a very long name of a class, the first", "b", "c $5", "d"])


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def fitted():
    """Classes that overlap, so that models say they are weak."""
    X, codes = make_blobs(300, centers=4, cluster_std=3, random_state=0)
    y = NAMES[codes]
    with pytest.warns(WeakModelWarning):
        return LabelErrorDetector(LogisticRegression(), random_state=0).fit(X, y), y


def many_classes(n_classes=40):
    """Label k is given to rows of class k + 1, the more often the larger k."""
    joint = 50 * np.eye(n_classes, dtype=int)
    joint[np.arange(n_classes - 1), np.arange(1, n_classes)] = np.arange(n_classes - 1)
    return joint


def tick_names(axis):
    return [label.get_text() for label in axis.get_ticklabels()]


def overlap_free(labels, renderer):
    boxes = [label.get_window_extent(renderer) for label in labels]
    return all(not a.overlaps(b) for a, b in pairwise(boxes))


def drawn_inside(figure):
    figure.canvas.draw()
    box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    return box.x0 > -0.01 and box.y0 > -0.01 and box.x1 < width and box.y1 < height


def test_the_heat_map_shows_the_joint(fitted):
    detector, _ = fitted
    display = ConfidentJointDisplay.from_estimator(detector)
    drawn = display.im_.get_array()
    joint = detector.confident_joint_
    off = ~np.eye(4, dtype=bool)
    np.testing.assert_array_equal(drawn.mask, ~off)
    np.testing.assert_array_equal(drawn.data[off], joint[off])
    assert display.im_.get_clim() == (0, joint[off].max())
    texts = {text.get_position(): int(text.get_text()) for text in display.text_}
    assert texts == {(j, i): joint[i, j] for i, j in np.argwhere(joint).tolist()}
    assert tick_names(display.ax_.yaxis)[1:] == ["b", r"c \$5", "d"]
    wrong, total = joint[off].sum(), joint.sum()
    assert display.ax_.get_title().startswith(f"{wrong} of {total} labels")
    assert "model-based" in display.ax_.get_title()


def test_from_predictions_draws_what_from_estimator_does(fitted):
    detector, y = fitted
    one = ConfidentJointDisplay.from_estimator(detector)
    other = ConfidentJointDisplay.from_predictions(y, detector.pred_proba_)
    np.testing.assert_array_equal(one.confident_joint, other.confident_joint)
    np.testing.assert_array_equal(one.display_labels, other.display_labels)
    one = LabelQualityDisplay.from_estimator(detector, y)
    other = LabelQualityDisplay.from_predictions(y, detector.pred_proba_)
    np.testing.assert_array_equal(one.sample_scores, other.sample_scores)
    np.testing.assert_array_equal(one.issue_mask, other.issue_mask)


def test_of_many_classes_the_most_confused_are_drawn():
    joint = many_classes()
    display = ConfidentJointDisplay(joint).plot(max_classes=5)
    np.testing.assert_array_equal(display.shown_classes_, [34, 35, 36, 37, 38])
    np.testing.assert_array_equal(display.im_.get_array().data, joint[34:39, 34:39])
    assert tick_names(display.ax_.xaxis) == ["34", "35", "36", "37", "38"]
    assert "5 most confused of 40 classes" in display.ax_.get_title()
    assert not ConfidentJointDisplay(joint).plot(max_classes=40).text_
    assert ConfidentJointDisplay(joint).plot(max_classes=40, include_values=True).text_


def test_no_error_and_large_counts_can_be_drawn():
    display = ConfidentJointDisplay(np.diag([3, 4])).plot(colorbar=False)
    assert display.ax_.get_title().startswith("0 of 7 labels")
    display = ConfidentJointDisplay([[2_000_000, 34_567], [0, 9999]]).plot()
    assert [t.get_text() for t in display.text_] == ["2.0M", "34.6k", "9999"]


@pytest.mark.parametrize("n_classes", [2, 10])
def test_long_names_neither_overlap_nor_leave_the_figure(n_classes):
    names = [f"{i}: a class that has quite a long name, number {i}" for i in range(10)]
    joint = many_classes(10)[:n_classes, :n_classes]
    rates = [proportion_interval(k, 50) for k in range(n_classes)]
    y = np.repeat(names[:n_classes], 20)
    scores = np.linspace(0, 1, y.size)
    for display in (
        ConfidentJointDisplay(joint, display_labels=names[:n_classes]).plot(),
        LabelQualityDisplay(scores, y, scores < 0.1).plot(),
        ErrorRateDisplay(names[:n_classes], rates, overall=rates[0]).plot(),
    ):
        assert drawn_inside(display.figure_)
        renderer = display.figure_.canvas.get_renderer()
        assert overlap_free(display.ax_.get_yticklabels(), renderer)
        for label in display.ax_.get_yticklabels():
            assert label.get_text()[:1] in "0123456789"
            assert len(label.get_text()) < 35


def test_boxes_and_dots_are_the_scores_of_each_class(fitted):
    detector, y = fitted
    display = LabelQualityDisplay.from_estimator(detector, y)
    scores, mask = detector.sample_scores_, detector.issue_mask_
    medians = [line.get_xdata()[0] for line in display.boxes_["medians"]]
    expected = [np.median(scores[y == label]) for label in display.shown_classes_]
    np.testing.assert_allclose(medians, expected)
    assert expected == sorted(expected)
    for i, label in enumerate(display.shown_classes_):
        of_class = scores[y == label]
        lower, upper = display.boxes_["whiskers"][2 * i : 2 * i + 2]
        q05, q25, q75, q95 = np.quantile(of_class, [0.05, 0.25, 0.75, 0.95])
        assert lower.get_xdata()[0] == pytest.approx(q25)
        assert upper.get_xdata()[0] == pytest.approx(q75)
        assert lower.get_xdata()[1] == of_class[of_class >= q05].min()
        assert upper.get_xdata()[1] == of_class[of_class <= q95].max()
    dots = np.asarray(display.points_.get_offsets())
    assert sorted(dots[:, 0]) == sorted(scores[mask])
    for i, label in enumerate(display.shown_classes_):
        in_band = np.abs(dots[:, 1] - i) < 0.3
        assert sorted(dots[in_band, 0]) == sorted(scores[mask & (y == label)])
        assert tick_names(display.ax_.yaxis)[i].endswith(f"({(y == label).sum()})")


def test_rows_without_a_score_are_left_out():
    scores = np.array([0.1, 0.9, np.nan, 0.8, np.nan])
    display = LabelQualityDisplay(scores, ["a", "a", "a", "b", "c"]).plot()
    assert display.shown_classes_.tolist() == ["a", "b"]
    assert tick_names(display.ax_.yaxis) == ["a (2)", "b (1)"]
    assert display.points_.get_offsets().shape[0] == 0
    outliers = KNNOutlierDetector().fit(np.random.default_rng(0).normal(size=(50, 2)))
    display = LabelQualityDisplay.from_estimator(outliers, np.arange(50) % 2)
    assert display.points_.get_offsets().shape[0] == outliers.issue_mask_.sum()


def test_quality_of_many_classes_shows_the_lowest():
    y = np.repeat(np.arange(30), 5)
    display = LabelQualityDisplay(1 - y / 40, y, y > 27).plot(max_classes=3)
    assert display.shown_classes_.tolist() == [29, 28, 27]
    assert display.points_.get_offsets().shape[0] == 10
    assert "3 classes of lowest quality of 30" in display.ax_.get_title()


def test_dots_and_whiskers_are_the_rates():
    rates = [proportion_interval(k, 40) for k in (2, 9, 5)]
    undefined = Interval(np.nan, 0.0, 1.0, "no row")
    display = ErrorRateDisplay(
        ["a", "b", "c", "d"], [*rates, undefined], overall=rates[2]
    ).plot()
    np.testing.assert_array_equal(display.order_, [1, 2, 0, 3])
    line, _, (bars,) = display.errorbar_
    np.testing.assert_allclose(line.get_xdata()[:3], [22.5, 12.5, 5])
    for segment, interval in zip(
        bars.get_segments(), (rates[1], rates[2], rates[0]), strict=False
    ):
        np.testing.assert_allclose(
            segment[:, 0], [100 * interval.lower, 100 * interval.upper]
        )
    assert tick_names(display.ax_.yaxis) == ["b", "c", "a", "d"]
    assert display.overall_line_.get_xdata()[0] == 12.5
    assert "95 % interval" in display.ax_.get_xlabel()
    short = ErrorRateDisplay(["a", "b", "c"], rates).plot(max_rates=2)
    assert tick_names(short.ax_.yaxis) == ["b", "c"]
    assert short.overall_line_ is None
    assert "2 highest of 3" in short.ax_.get_title()


def test_rates_of_classes_are_called_model_based(fitted):
    detector, y = fitted
    rate = label_error_rate(y, detector.pred_proba_, random_state=0)
    display = ErrorRateDisplay.from_predictions(y, detector.pred_proba_, random_state=0)
    assert display.overall == rate.overall
    assert display.intervals == [row["rate"] for row in rate.by_class]
    assert "model-based" in display.ax_.get_title()
    audit = SimpleNamespace(**vars(rate) | {"basis": "verified rows"})
    assert "verified rows" in ErrorRateDisplay.from_rate(audit).ax_.get_title()


def test_given_axes_are_drawn_on(fitted):
    detector, y = fitted
    figure, axes = plt.subplots(1, 3)
    proba = detector.pred_proba_
    displays = [
        ConfidentJointDisplay.from_estimator(detector, ax=axes[0]),
        LabelQualityDisplay.from_estimator(detector, y, ax=axes[1]),
        ErrorRateDisplay.from_predictions(y, proba, ax=axes[2], random_state=0),
    ]
    for display, ax in zip(displays, axes, strict=True):
        assert display.ax_ is ax
        assert display.figure_ is figure
        assert display.plot(ax=ax) is display
    assert plt.get_fignums() == [figure.number]


def test_drawing_changes_nothing_that_was_passed(fitted):
    detector, y = fitted
    before = detector.confident_joint_.copy(), detector.sample_scores_.copy()
    ConfidentJointDisplay.from_estimator(detector)
    LabelQualityDisplay.from_estimator(detector, y)
    np.testing.assert_array_equal(detector.confident_joint_, before[0])
    np.testing.assert_array_equal(detector.sample_scores_, before[1])


def test_what_cannot_be_drawn_is_refused(fitted):
    detector, y = fitted
    with pytest.raises(NotFittedError):
        ConfidentJointDisplay.from_estimator(LabelErrorDetector())
    with pytest.raises(NotFittedError):
        LabelQualityDisplay.from_estimator(LabelErrorDetector(), y)
    model = LogisticRegression().fit([[0], [1]], [0, 1])
    with pytest.raises(ValueError, match="confident_joint_, which LogisticRegression"):
        ConfidentJointDisplay.from_estimator(model)
    with pytest.raises(ValueError, match="sample_scores_, issue_mask_, which"):
        LabelQualityDisplay.from_estimator(model, y)
    with pytest.raises(ValueError, match=r"shape \(2,\) but the joint has 4 rows"):
        ConfidentJointDisplay.from_estimator(detector, display_labels=["a", "b"])
    with pytest.raises(ValueError, match="confident_joint, not that"):
        ConfidentJointDisplay([[0.5, 0], [0, 0.5]]).plot()
    for value in (0, 2.5):
        with pytest.raises(ValueError, match="max_classes="):
            ConfidentJointDisplay.from_estimator(detector, max_classes=value)
    with pytest.raises(ValueError, match="sample_scores has 300"):
        LabelQualityDisplay.from_estimator(detector, y[:-1])
    with pytest.raises(ValueError, match="dtype int64"):
        LabelQualityDisplay([0.1, 0.9], ["a", "b"], [1, 0]).plot()
    with pytest.raises(ValueError, match="NaN in every row"):
        LabelQualityDisplay([np.nan, np.nan], ["a", "b"]).plot()
    with pytest.raises(ValueError, match="0 intervals"):
        ErrorRateDisplay(["a"], []).plot()
    with pytest.raises(ValueError, match="no rates by class"):
        ErrorRateDisplay.from_rate(0.1)


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    display = ConfidentJointDisplay([[1, 0], [0, 1]])
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install 'skdataquality\[plot\]'"):
        display.plot()


def test_scores_and_flags_follow_the_options(fitted):
    detector, y = fitted
    proba = detector.pred_proba_
    display = LabelQualityDisplay.from_predictions(
        y, proba, method="normalized_margin", filter_by="predicted_neq_given"
    )
    np.testing.assert_array_equal(
        display.sample_scores,
        label_quality_scores(y, proba, method="normalized_margin"),
    )
    np.testing.assert_array_equal(
        display.issue_mask, find_label_issues(y, proba, filter_by="predicted_neq_given")
    )
    joint = ConfidentJointDisplay.from_predictions(y, proba).confident_joint
    np.testing.assert_array_equal(joint, confident_joint(y, proba))


def test_what_is_no_interval_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"intervals holds \(0.1, 0, 0.2\): pass"):
        ErrorRateDisplay(["a"], [(0.1, 0, 0.2)]).plot()


def test_names_of_classes_are_printable():
    assert short_names(["\x1b[31ma\u202e", "b\nc"]) == ["\\x1b[31ma\\u202e", "b c"]
