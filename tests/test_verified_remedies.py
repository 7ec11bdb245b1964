"""What a person has verified goes before what a model says of the row."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.base import BaseEstimator, clone
from sklearn.datasets import make_classification
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.compose import RemediedClassifier, RemedyChain
from skdataquality.duplicates import Deduplicator
from skdataquality.label_noise import (
    LabelErrorCorrector,
    LabelErrorDetector,
    LabelErrorPruner,
    LabelQualityWeighter,
    NoisePruningClassifier,
    RegressionErrorDetector,
    RegressionErrorPruner,
)
from skdataquality.lineage import Reason
from skdataquality.verified import VerifiedLabels

CLF = LogisticRegression()
DETECTOR = LabelErrorDetector(CLF, random_state=0)
FLAGS = LabelErrorDetector(CLF, random_state=0, prunable="flagged")


def noisy(n_classes=3, n=240):
    X, truth = make_classification(
        n,
        8,
        n_informative=4,
        n_classes=n_classes,
        class_sep=2.0,
        flip_y=0,
        random_state=0,
    )
    rng = np.random.default_rng(0)
    y = np.where(rng.random(n) < 0.15, (truth + 1) % n_classes, truth)
    names = np.array(["ape", "bee", "cat"])
    return X, names[y], names[truth]


X, Y, TRUTH = noisy()
PLAIN = clone(FLAGS).fit(X, Y)
FLAGGED = np.flatnonzero(PLAIN.issue_mask_)
WRONG = np.flatnonzero(Y != TRUTH)
RIGHT = np.flatnonzero(Y == TRUTH)
ROWS = np.concatenate([FLAGGED[::2], RIGHT[:5], WRONG[:5]])
ROWS = np.unique(ROWS)
VERIFIED = VerifiedLabels(ROWS, TRUTH[ROWS], given=Y[ROWS], n_rows=Y.size)
MASK = np.zeros(Y.size, dtype=bool)
MASK[FLAGGED[::3]] = True


class ForeignDetector(BaseEstimator):
    """Flags half of the rows, and knows nothing of verified ones."""

    def fit(self, X, y):
        self.issue_mask_ = np.arange(len(y)) % 2 == 0
        self.sample_scores_ = np.where(self.issue_mask_, 0.1, 0.9)
        self.suggested_labels_ = np.full(len(y), y[0])
        return self


# ------------------------------------------------------------------------- detector


@pytest.mark.parametrize("prunable", ["evident", "flagged"])
@pytest.mark.parametrize("verified", [VERIFIED, MASK, MASK.tolist(), pd.Series(MASK)])
def test_verified_rows_are_never_flagged(prunable, verified):
    detector = LabelErrorDetector(CLF, prunable=prunable, random_state=0)
    detector.fit(X, Y, verified=verified)
    rows = verified.rows if verified is VERIFIED else np.flatnonzero(MASK)
    assert not detector.issue_mask_[rows].any()
    assert not detector.prunable_mask_[rows].any()
    assert detector.issue_mask_.any()
    is_right = Y[rows] == TRUTH[rows] if verified is VERIFIED else np.ones(rows.size)
    np.testing.assert_array_equal(detector.sample_scores_[rows], is_right)
    suggested = TRUTH if verified is VERIFIED else Y
    np.testing.assert_array_equal(detector.suggested_labels_[rows], suggested[rows])


def test_without_verified_rows_nothing_changes():
    for empty in (None, VerifiedLabels([], []), np.zeros(Y.size, dtype=bool)):
        again = clone(FLAGS).fit(X, Y, verified=empty)
        np.testing.assert_array_equal(again.pred_proba_, PLAIN.pred_proba_)
        np.testing.assert_array_equal(again.issue_mask_, PLAIN.issue_mask_)
        np.testing.assert_array_equal(again.sample_scores_, PLAIN.sample_scores_)


def test_verdicts_that_agree_with_the_model_only_clear_rows():
    """What the model doubts and the person too is no longer flagged: it is known."""
    agree = VerifiedLabels(FLAGGED[:6], PLAIN.suggested_labels_[FLAGGED[:6]])
    one_round = LabelErrorDetector(CLF, n_rounds=1, random_state=0)
    detector = one_round.fit(X, Y, verified=agree)
    assert not detector.issue_mask_[agree.rows].any()


def test_no_model_learns_from_a_row_verified_wrong():
    detector = clone(FLAGS).fit(X, Y, verified=VERIFIED)
    wrong = ROWS[Y[ROWS] != TRUTH[ROWS]]
    right = ROWS[Y[ROWS] == TRUTH[ROWS]]
    for splits in detector.splits_:
        for train, test in splits:
            assert not np.isin(wrong, train).any()
            assert np.isin(np.setdiff1d(right, test), train).all()


def test_a_fitted_detector_survives_pickling():
    detector = clone(FLAGS).fit(X, Y, verified=VERIFIED)
    again = pickle.loads(pickle.dumps(detector))
    np.testing.assert_array_equal(again.suggested_labels_, detector.suggested_labels_)
    np.testing.assert_array_equal(again.issue_mask_, detector.issue_mask_)


@pytest.mark.parametrize(
    ("verified", "message"),
    [
        (MASK[:-1], "a mask of shape"),
        (MASK.astype(int), "a mask of shape"),
        (VerifiedLabels([240], ["ape"]), "holds row 240"),
        (VerifiedLabels([0], ["ape"], n_rows=10), "a table with 10 rows"),
        (VerifiedLabels([0], ["dog"]), "no class of y, first 'dog' in row 0"),
        (VerifiedLabels([0], ["ape"], given=["dog"]), "is of another table"),
    ],
)
@pytest.mark.parametrize(
    "fit",
    [
        clone(DETECTOR).fit,
        LabelErrorPruner(DETECTOR).fit_resample,
        LabelQualityWeighter(DETECTOR).fit,
        NoisePruningClassifier(CLF, detector=DETECTOR).fit,
    ],
    ids=["detector", "sampler", "weighter", "wrapper"],
)
def test_what_is_of_other_rows_is_refused(fit, verified, message):
    with pytest.raises(ValueError, match=message):
        fit(X, Y, verified=verified)


# ------------------------------------------------------------- samplers and weighter


@pytest.mark.parametrize("detector", [FLAGS, ForeignDetector()])
def test_the_pruner_drops_what_is_verified_wrong_and_keeps_what_is_right(detector):
    pruner = LabelErrorPruner(detector)
    pruner.fit_resample(X, Y, verified=VERIFIED)
    is_wrong = Y[ROWS] != TRUTH[ROWS]
    lineage = pruner.lineage_
    np.testing.assert_array_equal(lineage.dropped[ROWS], is_wrong)
    reasons = lineage.drop_reason[lineage.dropped]
    assert set(reasons) == {Reason.VERIFIED, Reason.LABEL_ISSUE}
    by_person = np.flatnonzero(lineage.drop_reason == Reason.VERIFIED)
    np.testing.assert_array_equal(by_person, ROWS[is_wrong])
    assert Reason.VERIFIED.label == "verified"


@pytest.mark.parametrize("detector", [FLAGS, ForeignDetector()])
def test_the_corrector_gives_the_verified_label(detector):
    corrector = LabelErrorCorrector(detector)
    _, mended = corrector.fit_resample(X, pd.Series(Y), verified=VERIFIED)
    np.testing.assert_array_equal(mended.to_numpy()[ROWS], TRUTH[ROWS])
    changed = Y[ROWS] != TRUTH[ROWS]
    reasons = corrector.lineage_.change_reason
    assert (reasons[ROWS[changed]] == Reason.VERIFIED).all()
    assert (reasons[ROWS[~changed]] == Reason.NONE).all()


def test_a_label_known_only_to_be_wrong_is_dropped_or_left():
    row = int(RIGHT[3])
    verified = VerifiedLabels([row], [None])
    pruner = LabelErrorPruner(FLAGS).fit(X, Y, verified=verified)
    assert pruner.lineage_.drop_reason[row] == Reason.VERIFIED
    _, mended = LabelErrorCorrector(FLAGS).fit_resample(X, Y, verified=verified)
    assert mended[row] == Y[row]


def test_of_two_classes_the_wrong_one_leaves_the_other():
    X, y, _ = noisy(2)
    _, mended = LabelErrorCorrector(FLAGS).fit_resample(
        X, y, verified=VerifiedLabels([7], [None])
    )
    assert {mended[7], y[7]} == {"ape", "bee"}


def test_limits_hold_for_what_a_person_says_too():
    """No class vanishes, and rows verified wrong are the first to go."""
    is_ape = np.flatnonzero(Y == "ape")
    verified = VerifiedLabels(is_ape, ["bee"] * is_ape.size)
    with pytest.warns(UserWarning, match="'ape' would keep fewer than 2"):
        _, left = LabelErrorPruner(FLAGS).fit_resample(X, Y, verified=verified)
    assert (left == "ape").sum() == 2
    few = LabelErrorPruner(ForeignDetector(), max_prune=3 / Y.size)
    few.fit_resample(X, Y, verified=VerifiedLabels([1, 3], [None, None]))
    assert few.lineage_.dropped[[1, 3]].all()
    assert few.lineage_.dropped.sum() == 3


@pytest.mark.parametrize("detector", [FLAGS, ForeignDetector()])
def test_a_label_verified_right_has_quality_one(detector):
    weighter = LabelQualityWeighter(detector, estimator=CLF)
    weight = weighter.fit(X, Y, verified=VERIFIED).sample_weight_
    is_right = Y[ROWS] == TRUTH[ROWS]
    assert np.allclose(weight[ROWS[is_right]], weight.max())
    wrong = weight[ROWS[~is_right]]
    assert np.allclose(wrong, 0.01 * weight.max())
    assert weight.mean() == pytest.approx(1)


def test_permuting_rows_permutes_the_edit():
    order = np.random.default_rng(0).permutation(Y.size)
    moved = VerifiedLabels(np.argsort(order)[ROWS], TRUTH[ROWS])
    flags = np.arange(Y.size) % 2 == 0
    first = LabelErrorPruner(ForeignPermuted(flags), max_prune=1.0)
    second = LabelErrorPruner(ForeignPermuted(flags[order]), max_prune=1.0)
    first.fit_resample(X, Y, verified=VERIFIED)
    second.fit_resample(X[order], Y[order], verified=moved)
    np.testing.assert_array_equal(
        first.lineage_.drop_reason[order], second.lineage_.drop_reason
    )


class ForeignPermuted(ForeignDetector):
    def __init__(self, flags):
        self.flags = flags

    def fit(self, X, y):
        super().fit(X, y)
        self.issue_mask_ = self.flags
        return self


def test_numbers_that_are_verified_stay_or_go():
    x = np.random.default_rng(0).normal(size=(120, 2))
    y = x @ [2.0, 1.0]
    y[:6] += 20
    detector = RegressionErrorDetector(LinearRegression(), random_state=0)
    alone = RegressionErrorPruner(detector).fit(x, y).lineage_
    assert alone.dropped[:6].all()
    told = VerifiedLabels([0, 1, 50], [y[0], y[1] - 20, 3.0])
    pruner = RegressionErrorPruner(detector)
    pruner.fit_resample(x, y, verified=told)
    assert pruner.lineage_.dropped[[0, 1, 50]].tolist() == [False, True, True]
    assert pruner.lineage_.drop_reason[50] == Reason.VERIFIED


# ------------------------------------------------------------------ wrapper and chain


@pytest.mark.parametrize("strategy", ["prune", "relabel", "soft", "reweight"])
def test_the_wrapper_acts_as_the_samplers_do(strategy):
    clf = NoisePruningClassifier(
        CLF, detector=FLAGS, strategy=strategy, calibrate=False
    ).fit(X, Y, verified=VERIFIED)
    lineage = clf.lineage_
    is_wrong = Y[ROWS] != TRUTH[ROWS]
    if strategy == "prune":
        np.testing.assert_array_equal(lineage.dropped[ROWS], is_wrong)
    if strategy in ("relabel", "soft"):
        assert not lineage.dropped.any()
        for row, changed in zip(ROWS, is_wrong, strict=True):
            copies = np.flatnonzero(lineage.origin == row)
            assert copies.size == 1
            assert lineage.relabelled[copies[0]] == changed
            reason = Reason.VERIFIED if changed else Reason.NONE
            assert lineage.change_reason[copies[0]] == reason
    mask = NoisePruningClassifier(CLF, detector=FLAGS, strategy=strategy)
    assert clone(mask).fit(X, Y, verified=MASK).predict(X).shape == Y.shape


def test_soft_labels_spread_a_label_known_only_to_be_wrong():
    row = int(RIGHT[3])
    clf = NoisePruningClassifier(
        CLF, detector=FLAGS, strategy="soft", calibrate=False
    ).fit(X, Y, verified=VerifiedLabels([row], [None]))
    copies = np.flatnonzero(clf.lineage_.origin == row)
    assert copies.size > 0
    assert clf.lineage_.relabelled[copies].all()


def test_verified_rows_follow_their_rows_through_a_chain():
    """Copies go first; the pruner then sees what was verified under new numbers."""
    doubled = np.concatenate([np.repeat([0], 5), np.arange(Y.size)])
    moved = VerifiedLabels(ROWS + 5, TRUTH[ROWS])
    chain = RemedyChain([Deduplicator(), LabelErrorPruner(FLAGS)])
    clf = RemediedClassifier(CLF, chain).fit(X[doubled], Y[doubled], verified=moved)
    is_wrong = Y[ROWS] != TRUTH[ROWS]
    kept = ROWS != 0  # of row 0 the first copy stays
    np.testing.assert_array_equal(clf.lineage_.dropped[ROWS[kept] + 5], is_wrong[kept])
    weight = np.ones(Y.size)
    weight[:4] = 0
    clf = NoisePruningClassifier(CLF, detector=FLAGS)
    clf.fit(X, Y, sample_weight=weight, verified=VERIFIED)
    there = ROWS[ROWS > 3]
    np.testing.assert_array_equal(clf.lineage_.dropped[there], Y[there] != TRUTH[there])


class Recorder(LogisticRegression):
    """Keeps what it is told of verified rows."""

    def fit(self, X, y, sample_weight=None, verified=None):
        self.seen_ = verified
        self.X_ = X
        return super().fit(X, y, sample_weight)


def test_an_inner_estimator_gets_what_is_verified_of_the_edited_rows():
    numbered = np.column_stack([X, np.arange(Y.size)])
    outer = RemediedClassifier(
        make_pipeline(StandardScaler(with_std=False), Recorder(max_iter=1000)),
        LabelErrorPruner(ForeignDetector()),
    )
    outer.fit(numbered, Y, verified=MASK)
    inner = outer.estimator_[-1]
    assert inner.seen_.dtype == bool
    rows = outer.lineage_.origin[inner.seen_]
    np.testing.assert_array_equal(rows, np.flatnonzero(MASK))
    with_wrong = NoisePruningClassifier(
        NoisePruningClassifier(CLF, detector=FLAGS), strategy="none"
    ).fit(X, Y, verified=VERIFIED)
    inner = with_wrong.estimator_.lineage_
    np.testing.assert_array_equal(inner.dropped[ROWS], Y[ROWS] != TRUTH[ROWS])


@pytest.mark.parametrize("routing", [False, True])
def test_scikit_learn_slices_the_mask(routing):
    class Checked(NoisePruningClassifier):
        def _edit(self, X, y, context, progress):
            edit = super()._edit(X, y, context, progress)
            assert not edit.lineage.dropped[context.verified.rows].any()
            ids.append(X[context.verified.rows, -1].astype(int).tolist())
            return edit

    ids: list = []
    numbered = np.column_stack([X, np.arange(Y.size)])
    scaled = make_pipeline(StandardScaler(), CLF)
    detector = clone(FLAGS).set_params(estimator=scaled)
    clf = Checked(scaled, detector=detector, calibrate=False)
    with config_context(enable_metadata_routing=routing):
        if routing:
            clf.set_fit_request(verified=True)
        cross_validate(
            clf, numbered, Y, cv=3, params={"verified": MASK}, error_score="raise"
        )
        search = GridSearchCV(clf, {"max_prune": [0.5]}, cv=3, error_score="raise")
        search.fit(numbered, Y, verified=MASK)
    rows = set(np.flatnonzero(MASK))
    assert len(ids) == 7
    assert all(set(seen) < rows for seen in ids[:6])
    assert set(ids[6]) == rows


def test_a_fold_refuses_verified_labels_of_the_whole_table():
    clf = NoisePruningClassifier(CLF, detector=FLAGS)
    with pytest.raises(ValueError, match="a table with 240 rows"):
        cross_validate(
            clf, X, Y, cv=3, params={"verified": VERIFIED}, error_score="raise"
        )


def test_routing_hands_on_what_is_verified_of_the_edited_rows():
    with config_context(enable_metadata_routing=True):
        inner = Recorder(max_iter=1000).set_fit_request(
            verified=True, sample_weight=False
        )
        outer = RemediedClassifier(inner, LabelErrorPruner(ForeignDetector()))
        outer.fit(X, Y, verified=MASK)
        rows = outer.lineage_.origin[outer.estimator_.seen_]
        np.testing.assert_array_equal(rows, np.flatnonzero(MASK))
        with pytest.raises(ValueError, match="verified"):
            GridSearchCV(Recorder(), {"C": [1]}, error_score="raise").fit(
                X, Y, verified=MASK
            )
