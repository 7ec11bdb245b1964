"""What a wrapper promises beyond the check suites."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from imblearn.over_sampling import SMOTE, SMOTEN, RandomOverSampler
from imblearn.pipeline import make_pipeline as make_sampling_pipeline
from imblearn.under_sampling import RandomUnderSampler
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import BaseEstimator
from sklearn.callback import ProgressBar
from sklearn.compose import make_column_transformer
from sklearn.datasets import make_classification
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold, train_test_split
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, LinearSVC

from skdataquality.base import BaseRowSampler
from skdataquality.compose import (
    ClassifierWrapper,
    RemediedClassifier,
    RemediedRegressor,
    RemedyChain,
    apply_remedy,
)
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.lineage import Lineage, Reason


@pytest.fixture
def data():
    X, y = make_classification(
        n_samples=300, n_features=6, weights=[0.8], flip_y=0.05, random_state=0
    )
    w = np.random.default_rng(0).uniform(0.5, 2, len(y))
    return X, y, w


class Permuter(BaseEstimator):
    """Returns the rows in another order and says in which."""

    def fit_resample(self, X, y):
        order = np.random.default_rng(7).permutation(len(y))
        self.sample_indices_ = order
        return X[order], y[order]


@pytest.mark.parametrize(
    "estimator",
    [
        LogisticRegression(),
        HistGradientBoostingClassifier(max_iter=10, random_state=0),
        RandomForestClassifier(10, random_state=0),
        make_pipeline(StandardScaler(), LogisticRegression()),
        GaussianNB(),
    ],
    ids=lambda e: type(e).__name__,
)
@pytest.mark.parametrize("weighted", [False, True])
def test_nothing_is_bit_identical_to_the_bare_estimator(data, estimator, weighted):
    X, y, w = data
    w = np.where(np.arange(len(y)) % 5 == 0, 0.0, w) if weighted else None
    key = "sample_weight"
    if isinstance(estimator, Pipeline):
        key = "logisticregression__sample_weight"
    bare = sklearn.clone(estimator).fit(X, y, **({key: w} if weighted else {}))
    wrapped = RemediedClassifier(estimator).fit(X, y, sample_weight=w)
    assert_array_equal(wrapped.predict_proba(X), bare.predict_proba(X))
    assert_array_equal(wrapped.predict(X), bare.predict(X))
    assert wrapped.lineage_.is_identity


def test_nothing_is_bit_identical_for_regression(data):
    X, _, w = data
    y = X[:, 0] * 3 + X[:, 1]
    bare = LinearRegression().fit(X, y, sample_weight=w)
    wrapped = RemediedRegressor(LinearRegression()).fit(X, y, sample_weight=w)
    assert_array_equal(wrapped.predict(X), bare.predict(X))


def test_a_permutation_carries_the_weights_exactly(data):
    X, y, w = data
    order = np.random.default_rng(7).permutation(len(y))
    wrapped = RemediedClassifier(LogisticRegression(), Permuter())
    wrapped.fit(X, y, sample_weight=w)
    expected = LogisticRegression().fit(X[order], y[order], sample_weight=w[order])
    assert_array_equal(wrapped.estimator_.coef_, expected.coef_)
    wrong = LogisticRegression().fit(X[order], y[order], sample_weight=w)
    assert np.abs(wrapped.estimator_.coef_ - wrong.coef_).max() > 1e-3


@pytest.mark.parametrize(
    "remedy",
    [
        Deduplicator(),
        ClassBalanceWeighter(),
        RandomUnderSampler(random_state=0),
        RemedyChain([Deduplicator(), ClassBalanceWeighter()]),
    ],
    ids=repr,
)
def test_rows_of_weight_zero_are_absent(data, remedy):
    X, y, w = data
    w = np.where(np.arange(len(y)) % 3 == 0, 0.0, w)
    kept = w > 0
    a = RemediedClassifier(LogisticRegression(), remedy).fit(X, y, sample_weight=w)
    b = RemediedClassifier(LogisticRegression(), remedy).fit(
        X[kept], y[kept], sample_weight=w[kept]
    )
    assert_array_equal(a.estimator_.coef_, b.estimator_.coef_)
    assert (a.lineage_.drop_reason[~kept] == Reason.ZERO_WEIGHT).all()


def test_a_weighter_multiplies_the_users_weights(data):
    X, y, w = data
    wrapped = RemediedClassifier(LogisticRegression(), ClassBalanceWeighter())
    wrapped.fit(X, y, sample_weight=w)
    own = ClassBalanceWeighter().fit(X, y, sample_weight=w).sample_weight_
    assert_array_equal(
        wrapped.estimator_.coef_,
        LogisticRegression().fit(X, y, sample_weight=w * own).coef_,
    )


def test_over_sampling_equals_its_weights(data):
    """Copies and integer weights are the same fit."""
    X, y, w = data
    sampler = RandomOverSampler(random_state=0)
    wrapped = RemediedClassifier(LogisticRegression(tol=1e-10), sampler)
    wrapped.fit(X, y, sample_weight=w)
    counts = np.bincount(wrapped.lineage_.origin, minlength=len(y))
    bare = LogisticRegression(tol=1e-10).fit(X, y, sample_weight=w * counts)
    assert_allclose(wrapped.estimator_.coef_, bare.coef_, atol=1e-4)


@pytest.mark.parametrize("routing", [False, True])
def test_a_pipeline_gets_the_weight_at_its_last_step(data, routing):
    X, y, _ = data
    pipe = make_pipeline(
        StandardScaler(), make_pipeline(StandardScaler(), LogisticRegression())
    )
    with sklearn.config_context(enable_metadata_routing=routing):
        wrapped = RemediedClassifier(pipe, ClassBalanceWeighter()).fit(X, y)
    balanced = make_pipeline(
        StandardScaler(), LogisticRegression(class_weight="balanced")
    ).fit(X, y)
    assert_allclose(
        wrapped.estimator_[-1][-1].coef_, balanced[-1].coef_, atol=1e-3, rtol=1e-3
    )
    assert pipe[-1][-1].__dict__.get("_metadata_request") is None


def test_a_search_inside_gets_the_weight(data):
    X, y, w = data
    search = GridSearchCV(
        make_pipeline(StandardScaler(), LogisticRegression()),
        {"logisticregression__C": [0.1, 1.0]},
        cv=3,
    )
    wrapped = RemediedClassifier(search, ClassBalanceWeighter())
    wrapped.fit(X, y, sample_weight=w)
    own = ClassBalanceWeighter().fit(X, y, sample_weight=w).sample_weight_
    bare = sklearn.clone(search).fit(X, y, logisticregression__sample_weight=w * own)
    assert_allclose(
        wrapped.predict_proba(X),
        RemediedClassifier(search, ClassBalanceWeighter())
        .fit(X, y, sample_weight=w)
        .predict_proba(X),
    )
    assert_array_equal(wrapped.predict(X), bare.predict(X))


def test_an_estimator_without_weights_is_named(data):
    X, y, w = data
    clf = RemediedClassifier(KNeighborsClassifier(), ClassBalanceWeighter())
    with pytest.raises(ValueError, match="KNeighborsClassifier does not take sample_w"):
        clf.fit(X, y)
    with pytest.raises(ValueError, match="KNeighborsClassifier does not take sample_w"):
        RemediedClassifier(KNeighborsClassifier()).fit(X, y, sample_weight=w)


def test_an_inner_sampler_may_not_lose_weights(data):
    X, y, _ = data
    pipe = make_sampling_pipeline(
        RandomOverSampler(random_state=0), LogisticRegression()
    )
    with pytest.raises(ValueError, match="'randomoversampler'.*changes rows"):
        RemediedClassifier(pipe, ClassBalanceWeighter()).fit(X, y)


def test_weights_of_untraced_rows_raise_and_name_the_sampler(data):
    X, y, w = data
    clf = RemediedClassifier(LogisticRegression(), SMOTEN(random_state=0))
    clf.fit(X, y)
    assert clf.lineage_.untraced.sum() == len(clf.lineage_.origin) - len(y)
    assert_array_equal(clf.lineage_.origin[: len(y)], np.arange(len(y)))
    with pytest.raises(ValueError, match="SMOTEN made .* sample_weight is unknown"):
        clf.fit(X, y, sample_weight=w)
    with pytest.raises(ValueError, match="SMOTEN made .* groups is unknown"):
        clf.fit(X, y, groups=np.arange(len(y)))


def test_a_made_row_weighs_what_its_parents_do_on_average(data):
    X, y, w = data
    clf = RemediedClassifier(LogisticRegression(), SMOTE(random_state=0))
    clf.fit(X, y, sample_weight=w)
    X_new, y_new = SMOTE(random_state=0).fit_resample(X, y)
    by_hand = LogisticRegression().fit(
        X_new, y_new, sample_weight=clf.lineage_.parents @ w
    )
    assert_array_equal(clf.estimator_.coef_, by_hand.coef_)


def test_a_weighter_before_rows_of_unknown_parents_raises(data):
    X, y, _ = data
    chain = RemedyChain([ClassBalanceWeighter(), SMOTEN(random_state=0)])
    with pytest.raises(ValueError, match="in a chain, put weighters after SMOTEN"):
        RemediedClassifier(LogisticRegression(), chain).fit(X, y)


def test_routing_asks_as_scikit_learn_does(data):
    X, y, w = data
    with sklearn.config_context(enable_metadata_routing=True):
        with pytest.raises(UnsetMetadataPassedError, match="sample_weight"):
            RemediedClassifier(LogisticRegression()).fit(X, y, sample_weight=w)
        refused = LogisticRegression().set_fit_request(sample_weight=False)
        with pytest.raises(ValueError, match="refuses the weight"):
            RemediedClassifier(refused, ClassBalanceWeighter()).fit(X, y)
        ignored = RemediedClassifier(refused).fit(X, y, sample_weight=w)
        assert_array_equal(
            ignored.estimator_.coef_, LogisticRegression().fit(X, y).coef_
        )


def test_a_routed_alias_is_sliced_with_the_rows(data):
    X, y, w = data
    with sklearn.config_context(enable_metadata_routing=True):
        inner = LogisticRegression().set_fit_request(sample_weight="trust")
        wrapped = RemediedClassifier(inner, Permuter()).fit(X, y, trust=w)
    order = np.random.default_rng(7).permutation(len(y))
    expected = LogisticRegression().fit(X[order], y[order], sample_weight=w[order])
    assert_array_equal(wrapped.estimator_.coef_, expected.coef_)


def test_without_routing_extra_metadata_raise(data):
    X, y, w = data
    with pytest.raises(ValueError, match="enable_metadata_routing"):
        RemediedClassifier(LogisticRegression()).fit(X, y, trust=w)


class GroupSpy(BaseEstimator):
    """A sampler that keeps the groups it was given."""

    def fit_resample(self, X, y, *, groups=None):
        self.groups_ = groups
        self.sample_indices_ = np.arange(len(y))[::-1]
        return X[::-1], y[::-1]


def test_groups_reach_the_remedy_and_an_inner_wrapper(data):
    X, y, _ = data
    groups = np.arange(len(y)) // 3
    inner = RemediedClassifier(LogisticRegression(), GroupSpy())
    outer = RemediedClassifier(make_pipeline(StandardScaler(), inner), GroupSpy())
    outer.fit(X, y, groups=groups)
    assert_array_equal(outer.remedy_.groups_, groups)
    assert_array_equal(outer.estimator_[-1].remedy_.groups_, groups[::-1])


# -- priors and decisions ----------------------------------------------------------


def _rare(n=8000, random_state=0):
    X, y = make_classification(
        n_samples=n,
        n_features=8,
        n_informative=4,
        weights=[0.95],
        class_sep=1.2,
        flip_y=0,
        random_state=random_state,
    )
    return train_test_split(X, y, stratify=y, random_state=0)


def test_under_sampling_raises_balanced_accuracy_and_keeps_the_prevalence():
    X, X_test, y, y_test = _rare()
    search = GridSearchCV(
        RemediedClassifier(LogisticRegression()),
        {"remedy": [None, RandomUnderSampler(random_state=0)]},
        scoring="balanced_accuracy",
        cv=StratifiedKFold(5, shuffle=True, random_state=0),
    ).fit(X, y)
    nothing, under = search.cv_results_["mean_test_score"]
    assert under > nothing + 0.05
    assert search.best_params_["remedy"] is not None
    best = search.best_estimator_
    bare = LogisticRegression().fit(X, y)
    gain = balanced_accuracy_score(y_test, best.predict(X_test)) - (
        balanced_accuracy_score(y_test, bare.predict(X_test))
    )
    assert gain > 0.05
    mean = best.predict_proba(X_test)[:, 1].mean()
    assert abs(mean / y_test.mean() - 1) < 0.15
    uncorrected = best.estimator_.predict_proba(X_test)[:, 1].mean()
    assert uncorrected > 2 * y_test.mean()


def test_deciding_by_restored_probabilities_cancels_the_resampler():
    X, X_test, y, y_test = _rare()
    scores = {
        decision: balanced_accuracy_score(
            y_test,
            RemediedClassifier(
                LogisticRegression(),
                RandomUnderSampler(random_state=0),
                decision=decision,
            )
            .fit(X, y)
            .predict(X_test),
        )
        for decision in ("resampled", "proba")
    }
    assert scores["proba"] < scores["resampled"] - 0.05


@pytest.mark.parametrize("p", [0.05, 0.3, 0.5])
def test_a_prior_given_as_dict_is_elkans_formula(p):
    X, _, y, _ = _rare(1000)
    clf = RemediedClassifier(
        LogisticRegression(),
        RandomUnderSampler(random_state=0),
        prior={0: 1 - p, 1: p},
        calibration=None,
    ).fit(X, y)
    raw = clf.estimator_.predict_proba(X)[:, 1]
    b = clf.train_prior_[1]
    elkan = p * (raw - raw * b) / (b - raw * b + p * raw - b * p)
    assert_allclose(clf.predict_proba(X)[:, 1], elkan)
    assert_array_equal(clf.predict(X), clf.estimator_.predict(X))


@pytest.mark.parametrize(
    ("prior", "message"),
    [
        ({0: 1.0}, "prior has the labels"),
        ({0: 0.5, 1: 0.6}, "sum to 1"),
        ({0: -0.5, 1: 1.5}, "sum to 1"),
    ],
)
def test_a_wrong_prior_raises(data, prior, message):
    X, y, _ = data
    with pytest.raises(ValueError, match=message):
        RemediedClassifier(LogisticRegression(), prior=prior).fit(X, y)


def test_cleaning_is_not_undone_but_resampling_after_it_is(data):
    X, y, _ = data
    X, y = np.r_[X, X[y == 1]], np.r_[y, y[y == 1]]  # the rare class is repeated
    clean = RemediedClassifier(LogisticRegression(), Deduplicator()).fit(X, y)
    assert_array_equal(clean.class_prior_, clean.train_prior_)
    both = RemediedClassifier(
        LogisticRegression(),
        RemedyChain([Deduplicator(), RandomUnderSampler(random_state=0)]),
    ).fit(X, y)
    assert_allclose(both.train_prior_, [0.5, 0.5])
    assert_allclose(both.class_prior_, clean.class_prior_)


class DropsAClass(BaseEstimator):
    def fit_resample(self, X, y):
        self.sample_indices_ = np.flatnonzero(y != 1)
        return X[self.sample_indices_], y[self.sample_indices_]


def test_a_vanished_class_has_probability_zero():
    X, y = make_classification(
        n_samples=90, n_informative=4, n_classes=3, random_state=0
    )
    for prior in ("original", "resampled", {0: 0.2, 1: 0.3, 2: 0.5}):
        clf = RemediedClassifier(LogisticRegression(), DropsAClass(), prior=prior)
        proba = clf.fit(X, y).predict_proba(X)
        assert proba.shape == (90, 3)
        assert (proba[:, 1] == 0).all()
        assert_allclose(proba.sum(axis=1), 1)
        assert_array_equal(clf.classes_, [0, 1, 2])


# -- containers --------------------------------------------------------------------


def _frame(n=120):
    rng = np.random.default_rng(0)
    colour = rng.choice(["red", "green"], n)
    y = np.where((colour == "red") ^ (rng.random(n) < 0.1), "yes", "no")
    return {"size": rng.normal(size=n), "colour": colour}, y


@pytest.mark.parametrize("library", [pd, pl], ids=["pandas", "polars"])
@pytest.mark.parametrize(
    "remedy",
    [
        None,
        Deduplicator(),
        ClassBalanceWeighter(),
        RandomUnderSampler(random_state=0),
        RandomOverSampler(random_state=0),
    ],
    ids=repr,
)
def test_frames_arrive_whole_at_a_column_transformer(library, remedy):
    columns, y = _frame()
    frame = library.DataFrame(columns)
    pipe = make_pipeline(
        make_column_transformer(
            (OneHotEncoder(), ["colour"]), (StandardScaler(), ["size"])
        ),
        LogisticRegression(),
    )
    clf = RemediedClassifier(pipe, remedy).fit(frame, y)
    assert clf.score(frame, y) > 0.8
    assert_array_equal(clf.feature_names_in_, ["size", "colour"])
    assert clf.n_features_in_ == 2


def test_a_synthesisers_rows_keep_polars_names(data):
    X, y, _ = data
    frame = pl.DataFrame(X, schema=[f"f{i}" for i in range(X.shape[1])])
    pipe = make_pipeline(
        make_column_transformer((StandardScaler(), ["f0", "f1"])), LogisticRegression()
    )
    RemediedClassifier(pipe, SMOTE(random_state=0)).fit(frame, y).predict(frame)


def test_a_shuffled_repeated_index_is_positional(data):
    X, y, w = data
    index = np.random.default_rng(0).integers(0, 5, len(y))
    frame, labels = pd.DataFrame(X, index=index), pd.Series(y, index=index)
    for remedy in (None, Deduplicator(), RandomUnderSampler(random_state=0)):
        a = RemediedClassifier(LogisticRegression(), remedy)
        b = sklearn.clone(a)
        assert_array_equal(
            a.fit(frame, labels, sample_weight=w).estimator_.coef_,
            b.fit(X, y, sample_weight=w).estimator_.coef_,
        )


def test_delegation_follows_the_resolved_estimator():
    assert hasattr(RemediedClassifier(), "predict_proba")
    assert not hasattr(RemediedClassifier(LinearSVC()), "predict_proba")
    assert hasattr(RemediedClassifier(LinearSVC()), "decision_function")
    assert not hasattr(RemediedClassifier(GaussianNB()), "decision_function")


def test_a_precomputed_kernel_cannot_be_edited(data):
    X, y, _ = data
    clf = RemediedClassifier(SVC(kernel="precomputed"), Deduplicator())
    with pytest.raises(ValueError, match="precomputed pairwise"):
        clf.fit(X @ X.T, y)


# -- binding, chains, callbacks ----------------------------------------------------


def test_apply_remedy_is_one_rule():
    lr = LogisticRegression()
    bound = apply_remedy(lr, Deduplicator())
    assert isinstance(bound, RemediedClassifier)
    assert bound.estimator is lr
    assert apply_remedy(lr, None).remedy is None
    assert isinstance(apply_remedy(LinearRegression(), None), RemediedRegressor)
    empty = RemediedClassifier(remedy=Deduplicator(), decision="proba")
    bound = apply_remedy(lr, empty)
    assert bound.estimator is lr
    assert bound.decision == "proba"
    assert empty.estimator is None
    full = RemediedClassifier(GaussianNB())
    assert apply_remedy(lr, full) is full
    with pytest.raises(ValueError, match="is a text: pass an object"):
        apply_remedy(lr, "prune")
    with pytest.raises(ValueError, match="neither None nor a row sampler"):
        apply_remedy(lr, StandardScaler())


def test_a_chain_composes_edits_and_weights(data):
    X, y, w = data
    X, y, w = np.r_[X, X[:50]], np.r_[y, y[:50]], np.r_[w, w[:50]]
    chain = RemedyChain([Deduplicator(), None, ClassBalanceWeighter()])
    chain.fit(X, y, sample_weight=w)
    assert chain.lineage_.n_out == 300
    alone = ClassBalanceWeighter().fit(X[:300], y[:300], sample_weight=w[:300])
    assert_array_equal(chain.sample_weight_, alone.sample_weight_)
    assert not hasattr(chain, "fit_resample")
    nested = RemedyChain([RemedyChain([Deduplicator()]), ClassBalanceWeighter()])
    nested.fit(X, y, sample_weight=w)
    assert_array_equal(nested.sample_weight_, chain.sample_weight_)
    with pytest.raises(ValueError, match=r"remedies\[0\]='x' is a text"):
        RemedyChain(["x"]).fit(X, y)


class Continuous(BaseRowSampler):
    """A sampler that cannot take numbers as y."""

    _parameter_constraints: dict = {}

    def _edit(self, X, y, codes, classes, *, sample_weight, groups):
        raise AssertionError("not reached")


def test_numbers_need_a_sampler_that_takes_them(data):
    X, _, _ = data
    y = X[:, 0]
    with pytest.raises(ValueError, match="Unknown label type"):
        RemediedRegressor(LinearRegression(), Continuous()).fit(X, y)
    sampler = Deduplicator()
    RemediedRegressor(LinearRegression(), sampler).fit(X, y)
    assert sampler.target_type == "discrete"


def test_the_bar_of_a_search_shows_the_wrapper(data, capfd):
    X, y, _ = data
    search = GridSearchCV(
        RemediedClassifier(LogisticRegression()),
        {"remedy": [None, Deduplicator()]},
        cv=2,
    ).set_callbacks(ProgressBar())
    search.fit(X, y)
    assert "RemediedClassifier" in capfd.readouterr().out


def test_rows_that_a_sampler_perturbs_are_kept_perturbed(data):
    X, y, _ = data
    sampler = RandomOverSampler(shrinkage=1.0, random_state=0)
    wrapped = RemediedClassifier(LogisticRegression(), sampler).fit(X, y)
    X_new, y_new = sklearn.clone(sampler).fit_resample(X, y)
    expected = LogisticRegression().fit(X_new, y_new)
    assert_array_equal(wrapped.estimator_.coef_, expected.coef_)
    made = wrapped.lineage_.origin == -1
    assert_array_equal(made, np.arange(len(y_new)) >= len(y))
    assert (np.diff(wrapped.lineage_.parents.indptr) == 1).all()


def test_the_default_estimator_leaves_the_global_generator_alone(data):
    X, y, _ = data
    np.random.seed(0)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    RemediedClassifier(remedy=Deduplicator()).fit(X, y)
    RemediedRegressor().fit(X, X[:, 0])
    assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize(
    ("wrapper", "needed"),
    [
        (RemediedClassifier(LinearRegression()), "regressor and .* needs a classifier"),
        (RemediedRegressor(GaussianNB()), "classifier and .* needs a regressor"),
    ],
)
def test_the_wrong_kind_of_estimator_is_refused(wrapper, needed):
    with pytest.raises(ValueError, match=rf"estimator=.* is a {needed}: pass one"):
        wrapper.fit(np.eye(4), [0, 1, 0, 1])


def test_an_edit_that_makes_rows_must_hold_them(data):
    class Repeats(ClassifierWrapper):
        def __init__(self, estimator=None):
            self.estimator = estimator

        def _is_nothing(self, context):
            return False

        def _edit(self, X, y, context, progress):
            rows = np.arange(len(y))
            return Lineage.from_selection(rows, n_in=len(y), altered=rows < 3)

    X, y = data[:2]
    with pytest.raises(ValueError, match=r"Repeats\._edit .* 3 row\(s\) .* Edit"):
        Repeats(LogisticRegression()).fit(X, y)
