"""The end model learns from votes alone, and gold labels stay where they belong."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse as sp
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.callback import ProgressBar
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from skdataquality.estimator_checks import check_wrapper, wrapper_hosts
from skdataquality.lineage import Reason
from skdataquality.model_selection import compare_remedies, prefer_nothing
from skdataquality.verified import VerifiedLabels
from skdataquality.weak_supervision import (
    LabelingFunctionTransformer,
    LabelModel,
    MajorityVote,
    UnlabeledData,
    WeaklySupervisedClassifier,
    labeling_function,
)

N = 200
LR = LogisticRegression()


@labeling_function(vectorized=True)
def first_column(X):
    """Vote where the first column is far from 0."""
    x = np.asarray(X[:, 0].todense()).ravel() if sp.issparse(X) else np.asarray(X)[:, 0]
    return np.select([x > 0.5, x < -0.5], ["pos", "neg"], None)


@labeling_function
def second_cell(row):
    """Vote for one class only, row by row."""
    cell = row[0, 1] if sp.issparse(row) else row["b"] if hasattr(row, "b") else row[1]
    return "pos" if cell > 1 else None


FUNCTIONS = [first_column, second_cell]


@pytest.fixture(scope="module")
def data():
    """Rows, their true labels, and gold labels of some."""
    X = np.random.default_rng(0).normal(size=(N, 3))
    y = np.where(X[:, 0] + 0.5 * X[:, 1] > 0, "pos", "neg")
    gold = y.astype(object)
    gold[30:] = None
    return X, y, gold


def weak(**options):
    options = {"label_model": MajorityVote(), "estimator": LR} | options
    return WeaklySupervisedClassifier(FUNCTIONS, **options)


# -- what reaches what -----------------------------------------------------------------


def test_labels_reach_neither_label_model_nor_estimator(data):
    X, y, gold = data
    expected = weak(label_model=LabelModel()).fit(X).predict_proba(X)
    for given in (y, gold, y[::-1]):
        fitted = weak(label_model=LabelModel()).fit(X, given)
        assert_array_equal(fitted.predict_proba(X), expected)


@pytest.mark.parametrize("soft", [True, False])
def test_gold_labels_are_certain_if_they_are_used(data, soft):
    X, y, gold = data
    wrong = np.where(y == "pos", "neg", "pos").astype(object)
    wrong[30:] = None
    for given in (gold, wrong):
        fitted = weak(use_gold=True, soft=soft).fit(X, given)
        is_given = np.equal.outer(given[:30], fitted.classes_)
        assert_array_equal(fitted.label_proba_[:30], is_given)
        of_gold = np.isin(fitted.lineage_.origin, np.arange(30))
        assert not fitted.lineage_.relabelled[of_gold].any()
        assert of_gold.sum() == 30  # covered, with a vote or without


def test_without_functions_it_is_the_estimator_to_the_bit(data):
    X, y, _ = data
    weight = np.tile([0.0, 1.0, 2.0, 1.0], N // 4)
    fitted = WeaklySupervisedClassifier(None, estimator=LR)
    fitted.fit(X, y, sample_weight=weight)
    alone = clone(LR).fit(X, y, sample_weight=weight)
    assert_array_equal(fitted.predict_proba(X), alone.predict_proba(X))
    assert fitted.lineage_.is_identity


@pytest.mark.parametrize("pool", [None, UnlabeledData(np.zeros((5, 3)))])
def test_gold_only_is_the_estimator_on_the_rows_with_gold_labels(data, pool):
    X, y, gold = data
    fitted = WeaklySupervisedClassifier(None, estimator=LR, X_unlabeled=pool)
    fitted.fit(X, gold)
    alone = clone(LR).fit(X[:30], y[:30])
    assert_array_equal(fitted.predict_proba(X), alone.predict_proba(X))
    assert_array_equal(fitted.lineage_.dropped, np.arange(N) >= 30)
    assert set(fitted.lineage_.drop_reason[30:]) == {Reason.NO_LABEL}


@pytest.mark.parametrize(
    ("labels", "missing"), [([0, 1], -1), ([0.0, 1.0], np.nan), (["a", "b"], None)]
)
def test_missing_gold_labels_of_every_kind(data, labels, missing):
    X, y, _ = data
    full = np.array(labels)[(y == "pos").astype(int)]
    partial = [*full[:30].tolist(), *[missing] * (N - 30)]
    fitted = WeaklySupervisedClassifier(None, estimator=LR).fit(X, partial)
    alone = clone(LR).fit(X[:30], full[:30])
    assert_array_equal(fitted.predict(X), alone.predict(X))


def test_a_verified_label_is_a_gold_label_that_is_used(data):
    X, y, gold = data
    wrong = np.where(y == "pos", "neg", "pos")
    partial = wrong.astype(object)
    partial[10:] = None
    expected = weak(use_gold=True).fit(X, partial).predict_proba(X)
    verified = VerifiedLabels(np.arange(10), wrong[:10], given=y[:10])
    assert_array_equal(weak().fit(X, y, verified=verified).predict_proba(X), expected)
    mask = np.arange(N) < 10
    assert_array_equal(weak().fit(X, wrong, verified=mask).predict_proba(X), expected)
    pool = UnlabeledData(X[50:])
    beside = weak(X_unlabeled=pool).fit(X[:50], y[:50], verified=verified)
    assert_array_equal(beside.predict_proba(X), expected)
    alone = WeaklySupervisedClassifier(None, estimator=LR)
    alone.fit(X, gold, verified=VerifiedLabels([40, 0], [y[40], None]))
    assert_array_equal(np.flatnonzero(~alone.lineage_.dropped), [*range(1, 30), 40])


# -- what the estimator gets -----------------------------------------------------------


def test_soft_labels_are_weighted_copies(data):
    X, *_ = data
    fitted = weak(label_model=LabelModel(), soft=True).fit(X)
    proba = fitted.label_proba_[fitted.votes_.max(axis=1) >= 0]
    rows = X[fitted.votes_.max(axis=1) >= 0]
    proba = np.where(proba < 1e-3, 0, proba)
    proba /= proba.sum(axis=1, keepdims=True)
    alone = clone(LR).fit(
        np.repeat(rows, 2, axis=0),
        np.tile(fitted.classes_, len(rows)),
        sample_weight=proba.ravel(),
    )
    assert_allclose(fitted.predict_proba(X), alone.predict_proba(X), atol=1e-4)


def test_hard_labels_are_those_of_the_label_model(data):
    X, *_ = data
    fitted = weak(soft=False).fit(X)
    covered = fitted.votes_.max(axis=1) >= 0
    said = fitted.classes_[MajorityVote().fit(fitted.votes_).predict(fitted.votes_)]
    alone = clone(LR).fit(X[covered], said[covered])
    assert_array_equal(fitted.predict_proba(X), alone.predict_proba(X))


def test_rows_without_a_vote_are_dropped_with_a_reason_or_kept(data):
    X, *_ = data
    fitted = weak().fit(X)
    abstained = fitted.votes_.max(axis=1) < 0
    assert 0 < abstained.sum() < N
    assert_array_equal(fitted.lineage_.dropped, abstained)
    assert set(fitted.lineage_.drop_reason[abstained]) == {Reason.NO_LABEL}
    assert fitted.coverage_ == 1 - abstained.mean()
    kept = weak(uncovered="keep").fit(X)
    assert not kept.lineage_.dropped.any()
    assert_array_equal(np.ptp(kept.label_proba_[abstained], axis=0), 0)


def test_lineage_says_which_labels_come_from_votes(data):
    X, y, _ = data
    fitted = weak(soft=False).fit(X, y)
    said = fitted.classes_[MajorityVote().fit(fitted.votes_).predict(fitted.votes_)]
    differs = (said != y)[fitted.lineage_.origin]
    assert_array_equal(fitted.lineage_.relabelled, differs)
    assert set(fitted.lineage_.change_reason[differs]) == {Reason.VOTES}


@pytest.mark.parametrize(
    ("estimator", "is_soft"),
    [
        (LR, True),
        (make_pipeline(TfidfVectorizer(), LR), True),
        (KNeighborsClassifier(), False),  # takes no weights
        (CalibratedClassifierCV(LR), False),  # would test on copies of training rows
        (HistGradientBoostingClassifier(early_stopping=True), False),
    ],
)
def test_auto_is_soft_where_that_is_safe(estimator, is_soft):
    assert weak()._is_soft(estimator) is is_soft


def test_a_weight_of_two_is_a_row_twice(data):
    X, *_ = data
    weight = np.tile([0.0, 1.0, 2.0], N)[:N]
    weighted = weak().fit(X, sample_weight=weight)
    rows = np.repeat(np.arange(N), weight.astype(int))
    repeated = weak().fit(X[rows])
    assert_allclose(weighted.predict_proba(X), repeated.predict_proba(X), atol=1e-4)
    assert set(weighted.lineage_.drop_reason[weight == 0]) == {Reason.ZERO_WEIGHT}


# -- containers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "container",
    [
        lambda X: pd.DataFrame(X, columns=list("abc"), index=np.arange(N)[::-1]),
        lambda X: pl.DataFrame(X, schema=list("abc")),
        sp.csr_array,
        lambda X: X.tolist(),
    ],
)
def test_every_container_gives_the_same_model(data, container):
    X, *_ = data
    expected = weak().fit(X).predict_proba(X)
    given = container(X)
    fitted = weak().fit(given)
    assert_allclose(fitted.predict_proba(given), expected, atol=1e-4)
    half = weak(X_unlabeled=UnlabeledData(container(X)[100:])).fit(container(X)[:100])
    assert_allclose(half.predict_proba(given), expected, atol=1e-4)


@pytest.mark.parametrize("container", [list, np.array, pd.Series])
def test_texts_stay_texts(container):
    texts = ["free money now", "nice song", "free song", "so nice"] * 10

    def free(text):
        return 1 if "free" in text else None

    def nice(text):
        return 0 if "nice" in text else None

    fitted = WeaklySupervisedClassifier([free, nice]).fit(container(texts))
    assert fitted.predict(container(texts)).tolist() == [1, 0, 1, 0] * 10
    pool = UnlabeledData(container(texts))
    more = WeaklySupervisedClassifier([free, nice], X_unlabeled=pool)
    assert more.fit(container(texts)).predict(texts).tolist() == [1, 0, 1, 0] * 10
    assert more.lineage_.n_in == 80


@pytest.mark.parametrize("series", [pd.Series, pl.Series])
def test_a_series_of_texts_stays_one_with_unlabelled_rows_below(series):
    @labeling_function(vectorized=True, label=1)
    def long(X):
        assert isinstance(X, series)
        return [len(text) > 9 for text in X]

    short = labeling_function(lambda text: 0 if len(text) < 9 else None, name="short")
    texts = series(["free money now", "nice"] * 10)
    model = WeaklySupervisedClassifier([long, short], X_unlabeled=UnlabeledData(texts))
    assert model.fit(texts).lineage_.n_in == 40


def test_unlabelled_rows_take_part_and_are_handed_on_whole(data):
    X, y, _ = data
    pool = UnlabeledData(X[50:])
    half = weak(X_unlabeled=pool).fit(X[:50], y[:50])
    whole = weak().fit(X)
    assert_array_equal(half.predict_proba(X), whole.predict_proba(X))
    assert clone(half).X_unlabeled is pool
    assert_array_equal(half.votes_, whole.votes_)
    weighted = weak(X_unlabeled=pool).fit(X[:50], sample_weight=np.ones(50))
    assert_allclose(weighted.predict_proba(X), whole.predict_proba(X))


# -- tools of scikit-learn -------------------------------------------------------------


def test_search_over_functions_and_label_models(data):
    X, y, _ = data
    grid = {
        "functions": [None, FUNCTIONS, LabelingFunctionTransformer([first_column])],
        "label_model": [MajorityVote(), LabelModel()],
    }
    pool = UnlabeledData(X[60:])
    options = {"X_unlabeled": pool, "uncovered": "keep"}
    search = GridSearchCV(weak(**options), grid, cv=3, error_score="raise")
    search.fit(X[:60], y[:60])
    alone = cross_validate(LR, X[:60], y[:60], cv=3)["test_score"]
    splits = [search.cv_results_[f"split{k}_test_score"][:2] for k in range(3)]
    assert_array_equal(splits, np.column_stack([alone, alone]))  # gold only
    nested = {"label_model__strength": [1, 3], "estimator__C": [0.1, 1]}
    GridSearchCV(weak(label_model=LabelModel()), nested, cv=2, error_score="raise").fit(
        X, y
    )


def test_no_functions_is_nothing_in_a_search(data):
    X, y, _ = data
    search = GridSearchCV(
        weak(), {"functions": [FUNCTIONS, None]}, refit=prefer_nothing, cv=3
    )
    assert search.fit(X, y).best_params_ == {"functions": None}


def test_nothing_in_a_comparison_is_gold_only(data):
    X, y, _ = data
    remedy = weak(estimator=None, X_unlabeled=UnlabeledData(X[60:]))
    compared = compare_remedies(LR, {"votes": remedy}, X[:60], y[:60], cv=3)
    (scores,) = compared.scores_.values()
    splits = compared.splits_
    alone = cross_validate(LR, X[:60], y[:60], cv=splits)["test_score"]
    assert_array_equal(scores["nothing"], alone)
    assert np.isfinite(scores["votes"]).all()


def test_the_contract_of_wrappers():
    check_wrapper(WeaklySupervisedClassifier(None, estimator=LR))


@labeling_function(vectorized=True)
def parity(X):
    """Vote for 0 and 1 by the cells, whatever the labels are."""
    numbers = sp.csr_array(X) if sp.issparse(X) else np.asarray(X, dtype=float)
    return np.round(np.asarray(numbers.sum(axis=1)).ravel() * 7) % 2


@parametrize_with_checks(
    [
        WeaklySupervisedClassifier(
            LabelingFunctionTransformer([parity], on_error="abstain", classes=[0, 1]),
            label_model=MajorityVote(),
            estimator=LR,
            use_gold=True,
        )
    ],
    expected_failed_checks=lambda _: {
        "check_classifiers_classes": "the functions vote for other labels",
        "check_supervised_y_no_nan": "labels may be missing on every row",
        "check_dtype_object": "the function abstains, as it cannot read a dict",
    },
)
@pytest.mark.filterwarnings("ignore")
def test_scikit_learn_checks_with_votes(estimator, check):
    check(estimator)


@pytest.mark.parametrize("routing", [False, True])
def test_it_works_inside_other_estimators(data, routing):
    X, y, _ = data
    number = (y == "pos").astype(int)
    model = WeaklySupervisedClassifier([parity], estimator=LR, use_gold=True)
    with config_context(enable_metadata_routing=routing):
        for host in wrapper_hosts(model):
            assert clone(host).fit(X, number).score(X, number) > 0.8


def test_a_routed_weight_arrives(data):
    X, y, _ = data
    weight = np.random.default_rng(0).integers(1, 4, N).astype(float)
    expected = weak().fit(X, sample_weight=weight).predict_proba(X)
    with config_context(enable_metadata_routing=True):
        model = weak(estimator=clone(LR).set_fit_request(sample_weight=True))
        model.set_fit_request(sample_weight=True).set_score_request(sample_weight=False)
        search = GridSearchCV(model, {}, cv=2, error_score="raise")
        search.fit(X, y, sample_weight=weight)
        assert_allclose(search.predict_proba(X), expected)


def test_the_bar_shows_the_functions(data, capfd):
    weak().set_callbacks(ProgressBar()).fit(data[0])
    assert "edit | LabelingFunctionTransformer" in capfd.readouterr().out


def test_a_pickle_predicts_the_same_and_may_leave_the_rows_out(data):
    X, *_ = data
    fitted = weak(keep_lineage=False, X_unlabeled=UnlabeledData(X)).fit(X)
    assert not hasattr(fitted, "votes_")
    assert not hasattr(fitted, "label_proba_")
    assert not hasattr(fitted, "lineage_")
    loaded = pickle.loads(pickle.dumps(fitted.set_params(X_unlabeled=None)))
    assert_array_equal(loaded.predict_proba(X), fitted.predict_proba(X))


def test_a_second_fit_forgets_the_first(data):
    X, y, _ = data
    used = weak().fit(X).set_params(functions=None).fit(X, y)
    assert used.label_model_ is used.functions_ is used.votes_ is None


def test_order_of_rows_and_functions_does_not_matter(data):
    X, *_ = data
    expected = weak(label_model=LabelModel()).fit(X)
    rows = np.random.default_rng(1).permutation(N)
    turned = WeaklySupervisedClassifier(FUNCTIONS[::-1], estimator=LR).fit(X[rows])
    assert_allclose(turned.label_proba_, expected.label_proba_[rows], atol=1e-9)
    assert_allclose(turned.predict_proba(X), expected.predict_proba(X), atol=1e-4)


def test_a_class_without_votes_has_probability_0(data):
    X, y, _ = data
    fitted = weak(classes=["neg", "other", "pos"]).fit(X)
    assert fitted.classes_.tolist() == ["neg", "other", "pos"]
    assert not fitted.predict_proba(X)[:, 1].any()
    by_y = weak().fit(X, np.where(X[:, 2] > 1, "rare", y))
    assert by_y.classes_.tolist() == ["neg", "pos", "rare"]


# -- bad input -------------------------------------------------------------------------


def never(row):
    return None


@pytest.mark.parametrize(
    ("options", "y", "said"),
    [
        ({"functions": [never], "classes": ["a", "b"]}, None, "all abstain"),
        ({"functions": [never]}, None, "no row"),
        (
            {"functions": [second_cell], "classes": ["neg", "pos"]},
            None,
            r"1 class \['pos'",
        ),
        ({"functions": [second_cell]}, None, "1 class only, pos, and at least 2"),
        ({"functions": None}, None, "requires y to be passed"),
        ({"functions": None}, [None] * N, "no gold label"),
        ({}, np.zeros(N, dtype=int), "write both alike"),
        ({}, ["pos"] * (N - 1), "inconsistent numbers of samples"),
        ({"classes": ["neg", "yes"]}, None, "none of the classes"),
        ({"classes": ["neg", "pos"]}, ["no"] * N, "not in classes"),
        ({"estimator": LinearRegression()}, None, "is a regressor"),
        ({"X_unlabeled": np.zeros((N, 3))}, None, r"X_unlabeled=UnlabeledData\("),
        ({"X_unlabeled": UnlabeledData(np.zeros((N, 2)))}, None, "3 columns"),
        ({"X_unlabeled": UnlabeledData(["text"])}, None, "holds texts"),
        ({"soft": True, "estimator": KNeighborsClassifier()}, None, "sample_weight"),
        ({"soft": "yes"}, None, "'soft' parameter"),
        ({"label_model": MajorityVote}, None, "'label_model' parameter"),
        ({"label_model": LR}, None, "'label_model' parameter"),
        ({"uncovered": "uniform"}, None, "'uncovered' parameter"),
        ({"functions": first_column}, None, "pass a list"),
        ({"functions": []}, None, "at least one"),
    ],
)
def test_what_cannot_work_is_refused(data, options, y, said):
    X, *_ = data
    with pytest.raises(ValueError, match=said):
        weak().set_params(**options).fit(X, y)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (lambda X: pl.from_pandas(X), "pandas but X_unlabeled holds .* polars"),
        (
            lambda X: X.assign(c="x"),
            "column c: numbers in X, text in X_unlabeled. Mend",
        ),
        (lambda X: X.rename(columns={"c": "d"}), r"only one has \['c', 'd'\]"),
        (lambda X: X.to_numpy(), "pandas but X_unlabeled holds an array"),
    ],
)
def test_unlabelled_rows_of_another_kind_are_refused(data, other, said):
    X = pd.DataFrame(data[0], columns=list("abc"))
    with pytest.raises(ValueError, match=said):
        weak(X_unlabeled=UnlabeledData(other(X))).fit(X)
    turned = weak(X_unlabeled=UnlabeledData(X[list("cab")])).fit(X)
    assert_array_equal(turned.votes_[:N], turned.votes_[N:])


def test_groups_beside_unlabelled_rows_are_refused(data):
    X, y, _ = data
    model = weak(X_unlabeled=UnlabeledData(X))
    with pytest.raises(ValueError, match="groups has a value for each row of X"):
        model.fit(X, y, groups=np.arange(N))
