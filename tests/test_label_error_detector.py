"""The detector: two rounds, its default models, its default rule, the plateau."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import (
    load_breast_cancer,
    load_digits,
    load_iris,
    load_wine,
    make_blobs,
)
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold, KFold, cross_val_predict

from skdataquality.datasets import make_label_errors
from skdataquality.exceptions import (
    InSampleProbabilitiesWarning,
    WeakModelWarning,
)
from skdataquality.label_noise import (
    LabelErrorDetector,
    LabelErrorPruner,
    confident_joint,
    find_label_issues,
    label_noise_lens,
    label_quality_scores,
    noise_plateau,
)
from skdataquality.label_noise._detectors._default_ensemble import (
    MOST_ROWS,
    NeighborVotes,
)
from skdataquality.label_noise._flags._plateau import _grade, is_useful
from skdataquality.utils._folds import out_of_fold
from skdataquality.utils._stats import Interval

LR = LogisticRegression()
OVERLAPS = pytest.mark.filterwarnings(
    "ignore::skdataquality.exceptions.WeakModelWarning"
)


@pytest.fixture(scope="module")
def noisy():
    X, truth = make_blobs(200, centers=3, cluster_std=1.5, random_state=0)
    y, is_wrong = make_label_errors(truth, 0.1, random_state=0)
    return X, y, is_wrong


@pytest.fixture(scope="module")
def cancer():
    X, truth = load_breast_cancer(return_X_y=True)
    y, is_wrong = make_label_errors(truth, 0.15, random_state=0)
    return X, y, is_wrong


def _calibrated_problem(n, seed, *, rate=0.0):
    """Sure and unsure rows whose labels are right but for flips at random."""
    rng = np.random.default_rng(seed)
    p = rng.beta(0.3, 0.3, n)
    y = (p > 0.5).astype(int)
    y = np.where(rng.random(n) < rate, 1 - y, y)
    return y, np.column_stack([1 - p, p])


# -- rounds ----------------------------------------------------------------------------


@OVERLAPS
def test_one_round_is_cross_validation(noisy):
    X, y, _ = noisy
    folds = list(KFold(4, shuffle=True, random_state=1).split(X))
    detector = LabelErrorDetector(
        LR, cv=folds, n_rounds=1, filter_by="prune_by_noise_rate"
    ).fit(X, y)
    proba = cross_val_predict(LR, X, y, cv=folds, method="predict_proba")
    assert_allclose(detector.pred_proba_, proba)
    assert_array_equal(detector.issue_mask_, find_label_issues(y, proba))


@OVERLAPS
@pytest.mark.parametrize("cv", [None, GroupKFold(4)])
def test_the_second_round_learns_from_rows_that_the_first_did_not_flag(noisy, cv):
    X, y, _ = noisy
    groups = np.arange(200) // 5 if cv else None
    options = {"cv": cv, "random_state": 0}
    first = LabelErrorDetector(
        LR, n_rounds=1, filter_by="prune_by_noise_rate", **options
    ).fit(X, y, groups=groups)
    both = LabelErrorDetector(LR, **options).fit(X, y, groups=groups)
    assert first.issue_mask_.any()
    assert len(both.splits_) == 2
    for train, test in both.splits_[1]:
        assert not first.issue_mask_[train].any()
        assert np.intersect1d(train, test).size == 0
    predicted = np.concatenate([test for _, test in both.splits_[1]])
    assert_array_equal(np.sort(predicted), np.arange(200))


def test_a_class_that_would_vanish_from_a_fold_keeps_its_rows_and_no_others():
    rng = np.random.default_rng(0)
    X = np.r_[rng.normal(0, 1, (60, 2)), rng.normal(8, 1, (60, 2))]
    y = np.repeat([0, 1], 60)
    y[[3, 20, 41]] = 2
    trusted = np.ones(120, dtype=bool)
    trusted[[3, 20, 41, 7, 30]] = False  # the whole of a class, and part of another
    result = out_of_fold(LR, X, y, cv=3, trusted=trusted, random_state=0)
    for train, _ in result.splits:
        assert set(y[train]) == {0, 1, 2}
        assert not np.isin([7, 30], train).any()


def test_two_rounds_out_of_bag_find_more_than_one(cancer):
    X, y, is_wrong = cancer
    forest = RandomForestClassifier(60, min_samples_leaf=3, random_state=0)
    rounds = [
        LabelErrorDetector(forest, cv="oob", n_rounds=n, random_state=0).fit(X, y)
        for n in (1, 2)
    ]
    scores = [average_precision_score(is_wrong, -d.sample_scores_) for d in rounds]
    assert scores[1] > scores[0]
    assert rounds[1].covered_.all()


# -- the default models ----------------------------------------------------------------


def test_the_default_beats_one_linear_model(cancer):
    X, y, is_wrong = cancer
    default = LabelErrorDetector(random_state=0).fit(X, y)
    linear = LabelErrorDetector(
        LogisticRegression(max_iter=5000), n_rounds=1, random_state=0
    ).fit((X - X.mean(axis=0)) / X.std(axis=0), y)
    precision = [
        average_precision_score(is_wrong, -d.sample_scores_) for d in (default, linear)
    ]
    assert precision[0] > precision[1] + 0.05
    assert default.plateau_.grade == "class-conditional"


@pytest.mark.parametrize("load", [load_wine, load_breast_cancer, load_digits])
def test_clean_labels_are_left_alone(load):
    X, y = load(return_X_y=True)
    X, y = X[::2], y[::2]
    assert LabelErrorDetector(random_state=0).fit(X, y).issue_mask_.mean() <= 0.015


@OVERLAPS
def test_names_containers_and_missing_cells_change_nothing_else(noisy):
    X, y, _ = noisy
    names = np.array(["b", "c", "d"])
    plain = LabelErrorDetector(random_state=0).fit(X, y)
    frame = LabelErrorDetector(random_state=0).fit(
        pd.DataFrame(X, columns=["u", "v"], index=np.arange(200)[::-1]), names[y]
    )
    assert_allclose(frame.pred_proba_, plain.pred_proba_, atol=1e-12)
    assert_array_equal(frame.suggested_labels_, names[plain.suggested_labels_])
    holes = X.copy()
    holes[::7, 0] = np.nan
    assert LabelErrorDetector(random_state=0).fit(holes, y).covered_.all()
    assert LabelErrorDetector(random_state=0).fit(sp.csr_array(X), y).covered_.all()


@OVERLAPS
def test_text_and_categories_are_encoded(noisy):
    pytest.importorskip("skrub")
    X, y, is_wrong = noisy
    frame = pd.DataFrame({"side": np.where(X[:, 0] > 0, "left", "right"), "v": X[:, 1]})
    detector = LabelErrorDetector(random_state=0).fit(frame, y)
    assert average_precision_score(is_wrong, -detector.sample_scores_) > 0.5


@OVERLAPS
def test_rows_of_weight_zero_teach_nothing(noisy):
    X, y, _ = noisy
    folds = list(KFold(3, shuffle=True, random_state=0).split(X))
    weight = np.ones(200)
    weight[::4] = 0
    weighted = LabelErrorDetector(cv=folds, n_rounds=1).fit(X, y, sample_weight=weight)
    shuffled = y.copy()
    shuffled[::4] = (y[::4] + 1) % 3
    again = LabelErrorDetector(cv=folds, n_rounds=1).fit(
        X, shuffled, sample_weight=weight
    )
    assert_allclose(weighted.pred_proba_, again.pred_proba_, atol=1e-12)


# -- votes of neighbours ---------------------------------------------------------------


def test_votes_are_shares_of_weight():
    X = np.array([[0.0], [1.0], [2.0], [100.0]])
    votes = NeighborVotes(3).fit(X, ["a", "b", "b", "a"], sample_weight=[6, 1, 2, 9])
    assert_allclose(votes.predict_proba([[0.5]]), [[6 / 9, 3 / 9]])
    assert votes.predict([[0.5]]) == ["a"]


@given(st.floats(0.01, 100))
def test_only_ratios_of_weights_matter(scale):
    rng = np.random.default_rng(0)
    X, y, w = rng.normal(size=(30, 2)), rng.integers(3, size=30), rng.random(30)
    assert_allclose(
        NeighborVotes(5).fit(X, y, w).predict_proba(X),
        NeighborVotes(5).fit(X, y, scale * w).predict_proba(X),
    )


def test_neighbours_are_sought_among_so_many_rows():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(MOST_ROWS + 500, 1))
    votes = NeighborVotes(5).fit(X, (X[:, 0] > 0).astype(int))
    assert votes._weight.size == MOST_ROWS
    assert (votes.predict(X) == (X[:, 0] > 0)).mean() > 0.99


# -- the default rule ------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:.*looks in-sample")  # of few rows without noise
@settings(max_examples=50)
@given(st.integers(0, 10_000), st.floats(0, 0.4), st.integers(20, 400))
def test_flags_are_the_surest_disagreements(seed, rate, n):
    y, proba = _calibrated_problem(n, seed, rate=rate)
    mask = find_label_issues(y, proba, classes=[0, 1], filter_by="excess_disagreement")
    disagrees = proba.argmax(axis=1) != y
    assert not (mask & ~disagrees).any()
    joint = confident_joint(y, proba, classes=[0, 1])
    counted = joint.sum() - np.trace(joint)
    assert mask.sum() <= max(counted, disagrees.sum() - 0.02 * n)
    own = proba[np.arange(n), y]
    adjusted = label_quality_scores(
        y, proba, classes=[0, 1], method="normalized_margin", adjust=True
    )
    assert not (mask & (adjusted >= 0.5)).any()
    left = disagrees & ~mask & (adjusted < 0.5)
    if mask.any() and left.any():
        assert own[mask].max() <= own[left].min()


def test_on_a_plateau_all_but_two_percent_of_the_disagreements_are_flagged():
    _, proba = _calibrated_problem(2000, 0)
    rng = np.random.default_rng(0)
    y = (rng.random(2000) < proba[:, 1]).astype(int)  # hard rows go wrong
    y = np.where(rng.random(2000) < 0.05, 1 - y, y)  # and so do some sure ones
    joint = confident_joint(y, proba)
    disagrees = proba.argmax(axis=1) != y
    assert joint.sum() - np.trace(joint) < disagrees.sum() - 40
    mask = find_label_issues(y, proba, filter_by="excess_disagreement")
    assert mask.sum() == disagrees.sum() - 40


def test_without_a_plateau_no_more_is_flagged_than_the_joint_counts():
    rng = np.random.default_rng(0)
    p = np.r_[rng.uniform(0.35, 0.65, 300), np.repeat([0.02, 0.98], 350)]
    y = (p > 0.5).astype(int)
    y[:300] = rng.random(300) < p[:300]  # classes overlap, all labels are right
    proba = np.column_stack([1 - p, p])
    assert (proba.argmax(axis=1) != y).mean() > 0.1
    joint = confident_joint(y, proba)
    mask = find_label_issues(y, proba, filter_by="excess_disagreement")
    assert mask.sum() <= joint.sum() - np.trace(joint) < 0.06 * y.size


def test_a_rare_class_that_is_never_most_probable_is_not_wiped_out():
    rng = np.random.default_rng(0)
    p = rng.beta(1, 12, 3000)  # the rare class overlaps the other, all labels are right
    y = (rng.random(3000) < p).astype(int)
    proba = np.column_stack([1 - p, p])
    assert (proba.argmax(axis=1)[y == 1] == 0).mean() > 0.95
    mask = find_label_issues(y, proba, filter_by="excess_disagreement")
    assert mask[y == 1].mean() < 0.7


# -- the plateau -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ratio", "upper", "share", "n_anchors", "grade"),
    [
        (0.6, 0.1, 0.1, 30, "class-conditional"),
        (0.6, 0.1, 0.1, 29, "cannot tell"),  # too few rows are confident
        (0.6, 0.1, 0.05, 30, "class-conditional"),
        (0.6, 0.1, 0.049, 30, "cannot tell"),  # the model's own errors decide
        (0.59, 0.25, 0.5, 30, "mixed"),
        (0.59, 0.30, 0.5, 30, "cannot tell"),  # the ratio may be 0.6
        (0.3, 0.25, 0.5, 30, "mixed"),
        (0.29, 0.25, 0.5, 30, "feature-dependent"),
    ],
)
def test_the_grades_of_a_plateau_begin_where_they_are_said_to(
    ratio, upper, share, n_anchors, grade
):
    contradicted = Interval(0.0, 0.0, upper, "by hand")
    assert _grade(ratio, contradicted, share, n_anchors, True) == grade
    weak = _grade(ratio, contradicted, share, n_anchors, False)
    assert weak == ("weak model" if n_anchors >= 30 and share >= 0.05 else grade)


def test_a_model_is_useful_that_errs_a_fifth_less_than_naming_the_largest_class():
    codes = np.repeat([0, 1], [6, 4])
    assert is_useful(0.8 * (1 - 6 / 10), codes)
    assert not is_useful(0.33, codes)


def test_noise_by_class_leaves_a_plateau_and_noise_on_hard_rows_does_not():
    y, proba = _calibrated_problem(5000, 1, rate=0.15)
    plateau = noise_plateau(y, proba)
    assert plateau.grade == "class-conditional"
    assert abs(plateau.ratio - 1) < 0.15
    rng = np.random.default_rng(1)
    hard = (rng.random(5000) < proba[:, 1]).astype(int)
    plateau = noise_plateau(hard, proba)
    assert plateau.grade == "feature-dependent"
    assert plateau.contradicted.upper < plateau.disagreement.lower


def test_a_model_that_knows_nothing_is_weak_and_says_so():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(300, 3)), rng.integers(2, size=300)
    detector = LabelErrorDetector(LR, random_state=0)
    with pytest.warns(WeakModelWarning, match=r"err on \d+% of held-out rows"):
        detector.fit(X, y)
    assert detector.plateau_.grade == "weak model"
    with pytest.warns(WeakModelWarning, match="review, not for deletion"):
        X_same, _ = LabelErrorPruner(detector).fit_resample(X, y)
    assert len(X_same) > 0.95 * len(X)


def test_few_disagreements_say_nothing():
    y, proba = _calibrated_problem(2000, 2, rate=0.02)
    assert noise_plateau(y, proba).grade == "cannot tell"
    assert np.isnan(noise_plateau(*_calibrated_problem(50, 2)).ratio)


@given(st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_the_order_of_rows_and_classes_does_not_matter(random):
    y, proba = _calibrated_problem(300, 3, rate=0.15)
    order = random.sample(range(300), 300)
    assert noise_plateau(y[order], proba[order]) == noise_plateau(y, proba)
    assert noise_plateau(1 - y, proba[:, ::-1]) == noise_plateau(y, proba)


# -- the lens --------------------------------------------------------------------------


def test_the_lens_counts_given_flags_and_shows_classes_pairs_and_strange_rows():
    y, proba = _calibrated_problem(600, 4, rate=0.15)
    X = np.random.default_rng(0).normal(size=(600, 3))
    X[17] = 50
    mask = np.zeros(600, dtype=bool)
    mask[[2, 5]] = True
    lens = label_noise_lens(y, proba, X=X, issue_mask=mask)
    assert lens.numbers["flagged_rows"] == 2
    assert lens.numbers["plateau_ratio"] == noise_plateau(y, proba).ratio
    assert lens.evidence["rows far from all others"][0]["row"] == 17
    assert {row["class"] for row in lens.evidence["label health by class"]} == {0, 1}
    for table in ("overlapping classes", "confusing pairs", "rows unlike any class"):
        assert lens.evidence[table]
    assert not any("for review" in limit for limit in lens.limits)


def test_the_lens_takes_sparse_rows_and_refuses_row_numbers_as_mask():
    y, proba = _calibrated_problem(300, 4, rate=0.15)
    lens = label_noise_lens(y, proba, X=sp.eye_array(300, format="csr"))
    assert "rows far from all others" not in lens.evidence
    assert "model-based" in lens.numbers["noise_floor"].method
    with pytest.raises(ValueError, match="issue_mask has dtype int"):
        label_noise_lens(y, proba, issue_mask=np.arange(300))


def test_the_lens_says_that_noise_on_hard_rows_is_for_review():
    _, proba = _calibrated_problem(4000, 5)
    rng = np.random.default_rng(0)
    y = (rng.random(4000) < proba[:, 1]).astype(int)
    y = np.where(rng.random(4000) < 0.03, 1 - y, y)
    lens = label_noise_lens(y, proba)
    assert lens.verdict in ("suspect", "found")
    assert "for review, not for deletion" in lens.limits[0]


def test_the_lens_lists_sources_in_order_and_missing_ones_last():
    y, proba = np.arange(60) % 2, np.full((60, 2), 0.5)
    mixed = np.array([1, "b", 2.5] * 20, dtype=object)
    sources = {
        "rows": ["z", None, "b"] * 20,
        "who": mixed,
        "batch": np.array([10, None, 9] * 20, dtype=object),
        "week": [1.0, np.nan, 0.0] * 20,
    }
    mask = np.arange(60) < 12
    lens = label_noise_lens(y, proba, issue_mask=mask, sources=sources)
    assert [(r["source rows"], r["rows"]) for r in lens.evidence["by rows"]] == [
        ("b", 20),
        ("z", 20),
        ("missing", 20),
    ]
    assert [r["who"] for r in lens.evidence["by who"]] == [1, 2.5, "b"]
    assert [r["batch"] for r in lens.evidence["by batch"]] == [9, 10, "missing"]
    assert [r["week"] for r in lens.evidence["by week"]] == [0, 1, "missing"]
    shares = [r["flagged_share"].estimate for r in lens.evidence["by week"]]
    assert shares == [0.2, 0.2, 0.2]
    with pytest.raises(ValueError, match="sources is of type list: pass a dict"):
        label_noise_lens(y, proba, sources=[1] * 60)


def test_the_lens_warns_of_in_sample_probabilities_once():
    y = np.arange(60) % 2
    with pytest.warns(InSampleProbabilitiesWarning) as caught:
        label_noise_lens(y, np.eye(2)[y])
    assert len(caught) == 1


def test_the_model_and_its_fits_are_named():
    X, y = load_iris(return_X_y=True)
    default = LabelErrorDetector(n_rounds=1, n_repeats=2, cv=3).fit(X, y)
    assert default.n_fits_ == 6
    assert [name for name, _ in default.model_[-1].estimators] == [
        "linear",
        "trees",
        "neighbors",
    ]
    own = LogisticRegression(max_iter=1000)
    detector = LabelErrorDetector(own, cv=3).fit(X, y)
    assert detector.n_fits_ == 6
    assert type(detector.model_) is LogisticRegression
