"""A classifier fitted on what annotators agree on, in the hands of scikit-learn."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from joblib import parallel_config
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_validate
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC

from skdataquality.exceptions import SingleVotesWarning
from skdataquality.lineage import Reason
from skdataquality.verified import VerifiedLabels
from skdataquality.weak_supervision import (
    DawidSkene,
    LongVotes,
    MultiAnnotatorClassifier,
    crowdlab,
)

N = 300
LR = LogisticRegression()


def problem(seed=0, n=N, skills=(0.9, 0.85, 0.6, 0.5), coverage=0.6):
    """Rows of three classes and votes on them, -1 where there is none."""
    rng = np.random.default_rng(seed)
    y = rng.integers(3, size=n)
    X = rng.normal(size=(n, 4)) + 2.5 * np.eye(3, 4)[y]
    right = rng.random((n, len(skills))) < skills
    votes = np.where(
        right, y[:, None], (y[:, None] + rng.integers(1, 3, right.shape)) % 3
    )
    votes[rng.random(votes.shape) > coverage] = -1
    return X, y, votes


def fitted(estimator=LR, votes=None, **parameters):
    X, _, own = problem()
    clf = MultiAnnotatorClassifier(estimator, random_state=0, **parameters)
    return clf.fit(X, own if votes is None else votes)


def test_consensus_and_model_are_better_than_votes():
    X, y, votes = problem(n=1_000)
    clf = MultiAnnotatorClassifier(LR, random_state=0).fit(X, votes)
    counts = np.stack([(votes == k).sum(axis=1) for k in range(3)], axis=1)
    voted = counts.any(axis=1)
    assert (clf.consensus_ == y)[voted].mean() > 0.04 + np.mean(
        (counts.argmax(axis=1) == y)[voted]
    )
    X_new, y_new, _ = problem(1)
    gold = clone(LR).fit(X, y).score(X_new, y_new)
    assert clf.score(X_new, y_new) > gold - 0.02
    assert (np.diff(clf.annotator_quality_) < 0.03).all()
    assert clf.annotator_quality_[0] > clf.annotator_quality_[3] + 0.2
    sure = clf.consensus_quality_ > np.median(clf.consensus_quality_)
    right = clf.consensus_ == y
    assert right[sure].mean() > right[~sure].mean() + 0.05
    assert right[~clf.needs_vote_].mean() > right[clf.needs_vote_].mean() + 0.1


def test_it_is_crowdlab_of_probabilities_out_of_fold():
    _, _, votes = problem()
    clf = fitted()
    unvoted = (votes < 0).all(axis=1)
    assert unvoted.any()
    model = clf.result_.posterior[unvoted]  # nothing else speaks of them
    assert_allclose(model.sum(axis=1), 1)
    assert_array_equal(clf.consensus_[unvoted], model.argmax(axis=1))
    assert clf.needs_vote_[unvoted].all()
    flat = MultiAnnotatorClassifier(DummyClassifier(strategy="uniform"))
    flat.fit(problem()[0], votes)
    expected = crowdlab(votes, np.full((N, 3), 1 / 3))
    assert_allclose(flat.consensus_quality_, expected.quality)
    assert_array_equal(flat.consensus_, expected.labels)
    assert_allclose(flat.annotator_quality_, expected.annotator_quality)


def test_rows_without_votes_help_no_fit():
    X, _, votes = problem()
    unvoted = (votes < 0).all(axis=1)
    clf = fitted()
    assert_array_equal(clf.lineage_.dropped, unvoted)
    assert (clf.lineage_.drop_reason[unvoted] == Reason.NO_LABEL).all()
    moved = X.copy()
    moved[unvoted] += 100
    other = MultiAnnotatorClassifier(LR, random_state=0).fit(moved, votes)
    assert_allclose(other.estimator_.coef_, clf.estimator_.coef_)


@pytest.mark.parametrize("strategy", ["hard", "weight", "soft"])
def test_the_estimator_learns_from_what_the_strategy_says(strategy):
    X, _, votes = problem()
    clf = fitted(strategy=strategy)
    voted = (votes >= 0).any(axis=1)
    expected = clone(LR)
    if strategy == "soft":
        posterior = clf.result_.posterior[voted]
        posterior[posterior < 1e-3] = 0
        posterior /= posterior.sum(axis=1, keepdims=True)
        rows, codes = np.nonzero(posterior)
        expected.fit(X[voted][rows], codes, sample_weight=posterior[rows, codes])
    else:
        weight = clf.consensus_quality_[voted] if strategy == "weight" else None
        weight = None if weight is None else weight / weight.mean()
        expected.fit(X[voted], clf.consensus_[voted], sample_weight=weight)
    assert_allclose(clf.predict_proba(X), expected.predict_proba(X), atol=1e-6)


def test_a_model_that_takes_no_weight_needs_hard_labels():
    assert fitted(KNeighborsClassifier()).estimator_.n_samples_fit_ < N
    with pytest.raises(ValueError, match="KNeighborsClassifier does not take sample_w"):
        fitted(KNeighborsClassifier(), strategy="weight")


def test_a_model_without_probabilities_is_calibrated():
    assert 0.5 < fitted(LinearSVC()).consensus_quality_.mean() < 1


@pytest.mark.parametrize(
    "form",
    [
        lambda v: np.where(v < 0, np.nan, v),
        lambda v: np.where(v < 0, None, v.astype(object)),
        lambda v: v.tolist(),
        lambda v: pd.DataFrame(v),
        lambda v: pl.DataFrame(v),
        lambda v: sp.csr_array(v + 1),
        lambda v: pd.DataFrame(v).astype("Int64").mask(v < 0),
    ],
)
def test_votes_have_any_form(form):
    expected = fitted()
    same = fitted(votes=form(problem()[2]))
    assert_array_equal(same.consensus_, expected.consensus_)
    assert_allclose(same.annotator_quality_, expected.annotator_quality_)


def test_long_votes_and_names_of_classes_and_annotators():
    X, _, votes = problem(coverage=1)
    names = np.array(["cat", "dog", "eel"])
    row, source = np.nonzero(votes >= 0)
    people = np.array(["ann", "bob", "cy", "dan"])[source]
    long = LongVotes(row, people, names[votes[row, source]])
    clf = MultiAnnotatorClassifier(LR, random_state=0).fit(X, long)
    wide = MultiAnnotatorClassifier(LR, random_state=0).fit(X, votes)
    assert_array_equal(clf.consensus_, names[wide.consensus_])
    assert clf.classes_.tolist() == ["cat", "dog", "eel"]
    assert list(clf.result_.worst_annotators(1)) == ["dan"]


def test_x_is_never_converted():
    X, _, votes = problem()
    frame = pd.DataFrame(X, columns=list("abcd"))
    frame["e"] = np.where(X[:, 0] > 0, "x", "y")
    step = make_column_transformer((OneHotEncoder(), ["e"]), remainder=StandardScaler())
    clf = MultiAnnotatorClassifier(make_pipeline(step, clone(LR)), random_state=0)
    assert clf.fit(frame, votes).predict(frame).shape == (N,)
    assert clf.feature_names_in_.tolist() == list("abcde")
    texts = [f"word{k} common" for k in np.argmax(X[:, :3], axis=1)]
    model = make_pipeline(TfidfVectorizer(), clone(LR))
    assert (
        MultiAnnotatorClassifier(model)
        .fit(texts, votes)
        .score(texts, np.argmax(X[:, :3], axis=1))
        > 0.9
    )


def test_the_default_model_will_do():
    X, y, votes = problem()
    assert MultiAnnotatorClassifier(random_state=0).fit(X, votes).score(X, y) > 0.85


# -- gold and votes ----------------------------------------------------------------


def test_scores_against_gold_that_no_fit_looks_at():
    X, y, votes = problem()
    clf = MultiAnnotatorClassifier(LR, random_state=0)
    result = cross_validate(clf, X, y, params={"votes": votes}, cv=3)
    assert result["test_score"].mean() > 0.8
    wrong = (y + 1) % 3  # as gold only the score can know it
    turned = cross_validate(clf, X, wrong, params={"votes": votes}, cv=3)
    assert turned["test_score"].mean() < 0.2
    first, second = clf.fit(X, y, votes=votes), clone(clf).fit(X, wrong, votes=votes)
    assert_array_equal(first.predict_proba(X), second.predict_proba(X))
    third = clone(clf).fit(X, votes)
    assert_array_equal(first.predict_proba(X), third.predict_proba(X))


@pytest.mark.parametrize("routing", [False, True])
@pytest.mark.parametrize(
    "form", [np.asarray, pd.DataFrame, lambda v: sp.csr_array(v + 1)]
)
def test_searches_slice_votes_with_rows(routing, form):
    X, y, votes = problem()
    clf = MultiAnnotatorClassifier(LR, random_state=0, cv=3)
    grid = {"strategy": ["hard", "weight"], "estimator__C": [0.1, 1]}
    with config_context(enable_metadata_routing=routing):
        if routing:
            clf.set_fit_request(votes=True)
        search = GridSearchCV(clf, grid, cv=3).fit(X, y, votes=form(votes))
    assert search.best_score_ > 0.8
    assert search.best_estimator_.consensus_.shape == (N,)


def test_it_is_the_last_step_of_a_pipeline():
    X, y, votes = problem()
    pipe = make_pipeline(StandardScaler(), MultiAnnotatorClassifier(LR))
    assert pipe.fit(X, votes).score(X, y) > 0.8
    name = "multiannotatorclassifier__votes"
    scores = cross_validate(pipe, X, y, params={name: votes}, cv=3)["test_score"]
    assert scores.mean() > 0.8


def test_votes_are_no_gold():
    X, _, votes = problem()
    with pytest.raises(ValueError, match="votes, which tell no accuracy"):
        fitted().score(X, votes)


# -- weights, groups, verified labels ----------------------------------------------


def test_rows_of_weight_zero_are_left_out():
    X, _, votes = problem()
    weight = np.ones(N)
    weight[:50] = 0
    clf = MultiAnnotatorClassifier(LR, random_state=0)
    clf.fit(X, votes, sample_weight=weight)
    assert clf.consensus_.shape == (N - 50,)
    assert clf.lineage_.dropped[:50].all()
    alone = clone(clf).fit(X[50:], votes[50:])
    assert_array_equal(clf.consensus_, alone.consensus_)
    assert_allclose(clf.estimator_.coef_, alone.estimator_.coef_)


def test_groups_stay_in_one_fold():
    X, _, votes = problem()
    groups = np.arange(N) // 10
    clf = MultiAnnotatorClassifier(LR, cv=GroupKFold(3)).fit(X, votes, groups=groups)
    assert clf.consensus_.shape == (N,)


def test_verified_labels_are_the_consensus():
    X, y, votes = problem()
    rows = np.arange(0, N, 3)
    labels = (y[rows] + 1) % 3  # nobody votes so
    verified = VerifiedLabels(rows, labels)
    clf = MultiAnnotatorClassifier(LR, random_state=0)
    clf.fit(X, votes, verified=verified)
    assert_array_equal(clf.consensus_[rows], labels)
    assert (clf.consensus_quality_[rows] == 1).all()
    assert not clf.needs_vote_[rows].any()
    assert not clf.lineage_.dropped[rows].any()
    weight = np.ones(N)
    weight[1::3] = 0
    clf.fit(X, votes, verified=verified, sample_weight=weight)
    assert (clf.consensus_quality_[::2] == 1).all()
    with pytest.raises(ValueError, match="label.s. \\['bee'\\] that nobody votes for"):
        clf.fit(X, votes, verified=VerifiedLabels([1], ["bee"]))
    with pytest.raises(ValueError, match="pass VerifiedLabels"):
        clf.fit(X, votes, verified=np.ones(N, dtype=bool))


# -- what is missing or wrong --------------------------------------------------------


def test_one_column_of_labels_is_one_annotator():
    X, y, _ = problem()
    labels = np.array([-1, 1, 5])[y]
    clf = MultiAnnotatorClassifier(LR, random_state=0).fit(X, labels)
    assert_array_equal(clf.consensus_, labels)
    assert_array_equal(clf.predict_proba(X), clone(LR).fit(X, labels).predict_proba(X))
    assert clf.classes_.tolist() == [-1, 1, 5]
    assert "judged by the classifier" in clf.result_.method


def test_single_votes_of_several_annotators_are_doubtful():
    X, y, _ = problem()
    votes = np.full((N, 3), -1)
    votes[np.arange(N), np.arange(N) % 3] = y
    with pytest.warns(SingleVotesWarning, match="labelled twice"):
        clf = MultiAnnotatorClassifier(LR, strategy="soft").fit(X, votes)
    assert_array_equal(clf.consensus_, y)


def test_a_class_that_is_named_but_never_voted_for():
    clf = fitted(classes=[0, 1, 2, 7])
    assert clf.classes_.tolist() == [0, 1, 2, 7]
    assert (clf.predict_proba(problem()[0])[:, 3] == 0).all()
    with pytest.raises(ValueError, match="classes"):
        fitted(classes=[0, 1])


def test_gold_and_folds_are_of_these_rows():
    X, y, votes = problem()
    with pytest.raises(ValueError, match="X has 300, y has 9 rows"):
        MultiAnnotatorClassifier(LR).fit(X, y[:9], votes=votes)
    halves = [(np.arange(150), np.arange(150, N)), (np.arange(150, N), np.arange(150))]
    assert MultiAnnotatorClassifier(LR, cv=halves).fit(X, votes).score(X, y) > 0.8
    weight = (np.arange(N) > 4).astype(float)
    with pytest.raises(ValueError, match="cv names row 299, but there are 295"):
        MultiAnnotatorClassifier(LR, cv=halves).fit(X, votes, sample_weight=weight)


@pytest.mark.parametrize("model", [DawidSkene, LogisticRegression(), "hard"])
def test_only_label_models_weigh_votes(model):
    with pytest.raises(ValueError, match="label_model"):
        fitted(label_model=model)


@pytest.mark.parametrize(
    ("X", "votes", "said"),
    [
        (problem()[0], None, "y=None"),
        (problem()[0][:9], problem()[2], "300 rows and X has 9"),
        (problem()[0], np.full((N, 2), -1), "no vote"),
        (problem()[0], np.where(problem()[2] > 0, 1, -1), "missing_label"),
    ],
)
def test_what_cannot_be_fitted_is_refused(X, votes, said):
    with pytest.raises(ValueError, match=said):
        MultiAnnotatorClassifier(LR).fit(X, votes)


def test_nothing_of_the_rows_is_kept_if_so_wished():
    clf = fitted(keep_lineage=False)
    for name in ("lineage_", "consensus_", "consensus_quality_", "result_"):
        assert not hasattr(clf, name)
    assert clf.annotator_quality_.shape == (4,)
    assert len(pickle.dumps(clf)) < 5_000


def test_fits_are_the_same_for_any_number_of_jobs_and_change_nothing():
    X, _, votes = problem()
    X.flags.writeable = votes.flags.writeable = False
    first = fitted()
    with parallel_config("threading"):
        second = fitted(n_jobs=2)
    assert_array_equal(first.consensus_quality_, second.consensus_quality_)
    assert_array_equal(first.predict_proba(X), second.predict_proba(X))
