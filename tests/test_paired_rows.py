"""A gain is tested row by row: influences, their variance, and when they are used."""

import math
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
import sklearn
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import (
    accuracy_score,
    cohen_kappa_score,
    fbeta_score,
    get_scorer,
    log_loss,
    make_scorer,
    roc_auc_score,
)
from sklearn.model_selection import (
    KFold,
    LeaveOneOut,
    RepeatedKFold,
    ShuffleSplit,
    StratifiedKFold,
    TimeSeriesSplit,
    cross_val_predict,
    cross_validate,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from skdataquality.compose import RemediedClassifier, RemediedRegressor
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import compare_remedies
from skdataquality.model_selection._influence import (
    groups_to_leave_out,
    influence_of_groups,
    influence_of_rows,
)
from skdataquality.model_selection._rowwise import rows_again, runs_of
from skdataquality.utils._sklearn import metric_of
from skdataquality.utils._stats import nadeau_bengio, rowwise_test, share_apart
from skdataquality.utils._stats._rows import LEAST_APART

CLF = LogisticRegression()
N = 90


def metric(scoring):
    return metric_of(get_scorer(scoring))


def told(n_classes, seed=0):
    """Labels, decisions and probabilities that agree with them by half."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, n_classes, N)
    proba = rng.dirichlet(np.ones(n_classes), N) + 0.3 * np.eye(n_classes)[y]
    proba = np.round(proba / proba.sum(axis=1, keepdims=True), 2)  # with ties
    proba = proba / proba.sum(axis=1, keepdims=True)
    return y, proba.argmax(axis=1), proba


def example(scoring, n_classes, kind):
    y, predicted, proba = told(n_classes)
    if kind == "quantity":
        rng = np.random.default_rng(1)
        return metric(scoring), rng.normal(size=N), rng.normal(size=N)
    if kind == "decision":
        return metric(scoring), y, predicted
    return metric(scoring), y, proba[:, 1] if n_classes == 2 else proba


KAPPA = make_scorer(cohen_kappa_score)
F2 = make_scorer(fbeta_score, beta=2, average="weighted")
AUC_OVR = make_scorer(roc_auc_score, response_method="predict_proba", multi_class="ovr")
EXAMPLES = [
    *(
        (scoring, k, "decision")
        for k in (2, 3)
        for scoring in (
            *("accuracy", "balanced_accuracy", "f1_macro", "f1_weighted", "f1_micro"),
            *("precision_macro", "recall_macro", "jaccard_macro"),
            *("matthews_corrcoef", KAPPA, F2),
        )
    ),
    *((scoring, 2, "decision") for scoring in ("f1", "precision", "recall")),
    *((scoring, 2, "chance") for scoring in ("roc_auc", "neg_log_loss")),
    *(
        (scoring, 3, "chance")
        for scoring in ("roc_auc_ovr", "roc_auc_ovo", "roc_auc_ovr_weighted")
    ),
    ("neg_log_loss", 3, "chance"),
    ("neg_brier_score", 2, "chance"),
    ("neg_brier_score", 3, "chance"),
    *(
        (scoring, 0, "quantity")
        for scoring in (
            *("r2", "neg_mean_squared_error", "neg_root_mean_squared_error"),
            "neg_mean_absolute_error",
        )
    ),
]


# -- influences --------------------------------------------------------------------


@pytest.mark.parametrize(("scoring", "n_classes", "kind"), EXAMPLES)
def test_influence_is_the_derivative_in_the_weight_of_a_row(scoring, n_classes, kind):
    of, y, response = example(scoring, max(n_classes, 2), kind)
    influence = influence_of_rows(of, y, response)
    assert_allclose(influence.sum(), 0, atol=1e-3)
    func, sign, kwargs = of
    if kwargs.get("multi_class") == "ovo":  # takes no weights in scikit-learn
        return
    rows = np.eye(N)[[0, 7, 33, 71]] * 1e-4
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        up, down = (
            [func(y, response, sample_weight=1 + step * e, **kwargs) for e in rows]
            for step in (1, -1)
        )
    slope = sign * (np.array(up) - np.array(down)) / 2e-4
    assert_allclose(influence[[0, 7, 33, 71]], N * slope, rtol=1e-3, atol=1e-3)


def test_the_influence_on_accuracy_is_being_right():
    y, predicted, _ = told(3)
    right = (y == predicted).astype(float)
    influence = influence_of_rows(metric("accuracy"), y, predicted)
    assert_allclose(influence, right - right.mean())


def test_the_influence_on_auc_is_that_of_delong():
    """Placements by all pairs, as DeLong, DeLong and Clarke-Pearson define them."""
    y, _, proba = told(2)
    score = proba[:, 1]
    positive, negative = score[y == 1], score[y == 0]
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    auc, m, n = wins.mean(), positive.size, negative.size
    delong = wins.mean(axis=1).var(ddof=1) / m + wins.mean(axis=0).var(ddof=1) / n
    influence = influence_of_rows(metric("roc_auc"), y, score)
    assert_allclose(influence[y == 1], (wins.mean(axis=1) - auc) * N / m)
    assert_allclose(influence[y == 0], (wins.mean(axis=0) - auc) * N / n)
    of_class = [np.square(influence[y == k]).sum() / N**2 for k in (1, 0)]
    ours = of_class[0] * m / (m - 1) + of_class[1] * n / (n - 1)
    assert_allclose(ours, delong)


@pytest.mark.parametrize(
    ("scoring", "n_classes", "kind"),
    [
        ("accuracy", 2, "decision"),
        ("f1_macro", 3, "decision"),
        ("roc_auc", 2, "chance"),
        ("roc_auc_ovo", 3, "chance"),
        ("neg_log_loss", 3, "chance"),
        ("r2", 2, "quantity"),
    ],
)
def test_influence_does_not_depend_on_the_order_of_rows(scoring, n_classes, kind):
    of, y, response = example(scoring, n_classes, kind)
    order = np.random.default_rng(5).permutation(N)
    straight = influence_of_rows(of, y, response)
    assert_allclose(influence_of_rows(of, y[order], response[order]), straight[order])


def test_influence_does_not_depend_on_the_names_of_classes():
    y, predicted, proba = told(3)
    names = np.array(["a", "b", "c"])
    for scoring, given in [("f1_macro", predicted), ("neg_log_loss", proba)]:
        named = names[given] if given.ndim == 1 else given
        assert_allclose(
            influence_of_rows(metric(scoring), names[y], named),
            influence_of_rows(metric(scoring), y, given),
        )


def test_leaving_out_single_rows_gives_the_rows_of_a_mean():
    y, predicted, _ = told(2)
    y, predicted = y[:20], predicted[:20]
    by_groups = influence_of_groups(metric("accuracy"), y, predicted, np.arange(20))
    assert_allclose(by_groups, influence_of_rows(metric("accuracy"), y, predicted))


def test_leaving_out_groups_agrees_with_influences():
    """The jackknife and the delta method estimate the same variance."""
    y, _, proba = told(2)
    y, score = np.tile(y, 10), np.tile(proba[:, 1], 10)
    score = score + 1e-3 * np.random.default_rng(0).normal(size=score.size)
    groups = groups_to_leave_out(y)
    errors = [
        rowwise_test([influence], 0.0, clusters=clusters).standard_error
        for influence, clusters in [
            (influence_of_rows(metric("roc_auc"), y, score), None),
            (influence_of_groups(metric("roc_auc"), y, score, groups), groups),
        ]
    ]
    assert_allclose(errors[1], errors[0], rtol=0.35)


def test_groups_left_out_keep_clusters_and_class_shares():
    rng = np.random.default_rng(0)
    clusters = rng.integers(0, 200, 600)
    codes = (clusters < 60).astype(int)
    groups = groups_to_leave_out(codes, clusters)
    assert all(np.unique(groups[clusters == c]).size == 1 for c in np.unique(clusters))
    of_group = [
        np.unique(clusters[(groups == g) & (codes == 1)]).size for g in set(groups)
    ]
    assert max(of_group) - min(of_group) <= 1


def test_what_is_no_average_has_no_influence():
    y, predicted, _ = told(2)
    count = metric_of(make_scorer(accuracy_score, normalize=False))
    assert influence_of_rows(count, y, predicted) is None
    assert influence_of_groups(count, y, predicted, np.arange(N) % 10) is None


# -- the test ----------------------------------------------------------------------


def test_a_mean_of_rows_by_hand():
    d = np.r_[np.ones(12), -np.ones(5), np.zeros(83)]
    test = rowwise_test([d], d.mean())
    expected = math.sqrt((1 + 2 * LEAST_APART) * d.var(ddof=1) / d.size)
    assert_allclose(test.standard_error, expected)
    assert_allclose((test.lower + test.upper) / 2, 0.07)
    assert 14 < test.df < 19  # 17 rows differ


def test_degrees_of_freedom_count_the_rows_that_differ():
    for m in (4, 20, 100):
        d = np.zeros(10_000)
        d[: m // 2], d[m // 2 : m] = 1, -1
        assert_allclose(rowwise_test([d], 0.0).df, m - 1)


def test_clusters_of_copies_weigh_as_one_row():
    d = np.random.default_rng(0).normal(size=(3, 40))
    once = rowwise_test(d, d.mean())
    copies = rowwise_test(
        np.repeat(d, 5, axis=1), d.mean(), clusters=np.repeat(np.arange(40), 5)
    )
    assert_allclose((copies.standard_error, copies.df), (once.standard_error, once.df))
    alone = rowwise_test(np.repeat(d, 5, axis=1), d.mean())
    assert alone.standard_error < 0.5 * once.standard_error


def test_runs_that_disagree_widen_the_interval():
    rng = np.random.default_rng(0)
    steady, unsteady = rng.normal(size=100), rng.normal(size=(8, 100))
    one = rowwise_test([steady], 0.0)
    same = rowwise_test([steady] * 8, 0.0)
    assert_allclose(same.standard_error, one.standard_error)
    apart = rowwise_test(unsteady, 0.0).standard_error ** 2
    each = np.mean([row.var(ddof=1) for row in unsteady]) / 100
    assert_allclose(
        apart, each + 2 * unsteady.var(axis=0, ddof=1).mean() / 99, rtol=0.05
    )


@pytest.mark.parametrize("size", [1, 4])
def test_the_interval_covers(size):
    """Independent clusters of rows whose differences are -1, 0 or 1."""
    rng, hits, n_draws = np.random.default_rng(size), 0, 600
    clusters = np.arange(240) // size
    for _ in range(n_draws):
        d = rng.choice([-1, 0, 1], p=[0.05, 0.8, 0.15], size=240 // size)
        test = rowwise_test([np.repeat(d, size)], d.mean(), clusters=clusters)
        hits += test.lower <= 0.1 <= test.upper
    assert hits / n_draws >= 0.93


def test_a_share_apart_widens_a_single_run_as_a_second_run_does():
    d = np.random.default_rng(0).normal(size=(2, 100))
    d[1] += d[0]
    share, one = share_apart(d), rowwise_test(d[:1], 0.0).standard_error ** 2
    assert share > LEAST_APART
    wider = rowwise_test(d[:1], 0.0, apart=share).standard_error ** 2
    assert_allclose(wider / one, (1 + 2 * share) / (1 + 2 * LEAST_APART))
    each = np.mean([row.var(ddof=1) for row in d]) / 100
    assert_allclose(rowwise_test(d, 0.0).standard_error ** 2, each * (1 + 2 * share))
    known = share_apart(np.stack([d[0], np.zeros(100)]), n_held_out=1)
    assert_allclose(known, 0.5)  # models that know the rows are all right on them
    assert share_apart(d[[0, 0]]) == share_apart(np.zeros((2, 5))) == 0


def test_no_difference_at_all():
    test = rowwise_test(np.zeros((2, 30)), 0.0)
    assert (test.lower, test.upper, test.p_value) == (0, 0, 1)
    same = rowwise_test(np.full((1, 30), 0.1), 0.1)
    assert (same.lower, same.upper) == (0.1, 0.1)
    assert math.isnan(same.p_value)


@pytest.mark.parametrize(
    ("influence", "options", "message"),
    [
        (np.zeros(5), {}, "shape"),
        ([[0.0, np.nan]], {}, "finite"),
        (np.zeros((1, 3)), {"clusters": [7, 7, 7]}, "at least 2 clusters"),
        (np.zeros((1, 3)), {"level": 1}, "level=1"),
    ],
)
def test_what_cannot_be_tested_is_refused(influence, options, message):
    with pytest.raises(ValueError, match=message):
        rowwise_test(influence, 0.0, **options)


# -- in a comparison ---------------------------------------------------------------


@pytest.fixture(scope="module")
def data():
    return make_classification(
        n_samples=300, n_features=5, weights=[0.7], flip_y=0.2, random_state=0
    )


BALANCE = {"balance": ClassBalanceWeighter()}
FLAT = {"flat": RemediedClassifier(LogisticRegression(C=1e-3))}


def first_columns(X):
    return X[:, :3]


def last_columns(X):
    return X[:, 3:]


def widening(model, seed):
    """Variance over that of models that are given, of two on other columns."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(200, 6))
    y = (X.sum(axis=1) + 2 * rng.normal(size=200) > 0).astype(int)
    one, other = (
        make_pipeline(FunctionTransformer(columns), model)
        for columns in (first_columns, last_columns)
    )
    found = compare_remedies(
        one, {"o": RemediedClassifier(other)}, X, y, random_state=seed
    )
    said = found.predictions_["score"]
    d = (said["o"] == y)[0] * 1.0 - (said["nothing"] == y)[0]
    return found.tests_["score"]["o"].standard_error ** 2 / (d.var(ddof=1) / 200)


def test_models_that_hang_on_single_rows_get_wider_intervals():
    tree = DecisionTreeClassifier(max_depth=4, random_state=0)
    for seed in range(3):
        assert widening(tree, seed) > 1.6
        assert widening(CLF, seed) < 1.5


@pytest.mark.parametrize("n_folds", [2, 3, 5, 10, 30])
def test_a_single_run_asks_few_models_about_every_row(n_folds):
    for n_rows in (60, 9000):
        splits = list(KFold(n_folds).split(np.zeros(n_rows)))
        again = rows_again(splits, runs_of(splits, n_rows))
        rows = np.concatenate(again)
        assert np.unique(rows).size == rows.size
        assert min(n_rows, 1000) <= rows.size <= min(n_rows, 1000 + n_folds)
        assert sum(part.size > 0 for part in again) <= 4
        for (_, test), part in zip(splits, again, strict=True):
            assert not np.isin(part, test).any()


def test_several_runs_ask_no_model_again():
    twice = list(RepeatedKFold(n_splits=4, n_repeats=2).split(np.zeros(10)))
    assert rows_again(twice, runs_of(twice, 10)) is None
    assert rows_again(twice, None) is None


def test_whole_numbers_are_kept_in_few_bytes():
    X, y = make_classification(60, 4, random_state=0)
    for labels, dtype in [(y, np.int8), (y * 300, np.int16), (-y, np.int8)]:
        kept = compare_remedies(CLF, {}, X, labels, cv=3).predictions_["score"]
        assert kept["nothing"].dtype == dtype
        assert set(np.unique(kept["nothing"])) <= set(labels.tolist())


def test_a_repeat_of_folds_is_a_run():
    splits = list(RepeatedKFold(n_splits=3, n_repeats=2).split(np.zeros(10)))
    assert [set(run.tolist()) for run in runs_of(splits, 10)] == [{0}] * 3 + [{1}] * 3
    for cv in (ShuffleSplit(4), TimeSeriesSplit(4)):
        assert runs_of(list(cv.split(np.zeros(10))), 10) is None
    assert runs_of([(None, np.array([0, 0])), (None, np.array([1, 1]))], 2) is None


def no_scorer(estimator, X, y):
    return estimator.score(X, y)


def of_a_series(y, predicted):
    return float((y.index >= 0).mean() * (y == predicted).mean())


@pytest.mark.parametrize(
    ("scoring", "cv", "method"),
    [
        (None, None, "row-wise"),
        ("f1_micro", 5, "row-wise"),
        ("f1", 5, "row-wise"),
        ("balanced_accuracy", None, "row-wise"),
        ("roc_auc", KFold(4, shuffle=True, random_state=0), "row-wise"),
        ("average_precision", 5, "row-wise, jackknife"),
        (no_scorer, 5, "Nadeau-Bengio"),
        (make_scorer(of_a_series), 5, "Nadeau-Bengio"),
        (make_scorer(accuracy_score, normalize=False), 5, "Nadeau-Bengio"),
        ("accuracy", ShuffleSplit(5, random_state=0), "Nadeau-Bengio"),
        ("accuracy", TimeSeriesSplit(5), "Nadeau-Bengio"),
    ],
)
def test_the_table_says_what_was_used(data, scoring, cv, method):
    X, y = data
    found = compare_remedies(
        CLF, FLAT, X, pd.Series(y), cv=cv, scoring=scoring, random_state=0
    )
    of = {row["remedy"]: row for row in found.table_}
    assert of["flat"]["method"] == method
    assert of["nothing"]["method"] == ""
    assert f"intervals: {method})" in " ".join(repr(found).split())
    scores = found.scores_[found.metric_]
    d = scores["flat"] - scores["nothing"]
    assert_allclose(of["flat"]["gain"], d.mean())
    old = nadeau_bengio(d, test_train_ratio=found.test_train_ratio_)
    width = of["flat"]["upper"] - of["flat"]["lower"]
    if method == "Nadeau-Bengio":
        assert_allclose(width, old.upper - old.lower)
    else:
        assert abs(width / (old.upper - old.lower) - 1) > 1e-3


def test_a_few_rows_that_differ_leave_it_to_the_folds(data):
    X, y = data
    other = {"almost": RemediedClassifier(LogisticRegression(C=0.3))}
    found = compare_remedies(CLF, other, X, y, scoring="accuracy", random_state=0)
    said = found.predictions_["accuracy"]
    assert 0 < (said["almost"] != said["nothing"]).sum() < 10
    assert found.tests_["accuracy"] == {}
    assert found.table_[-1]["method"] in ("", "Nadeau-Bengio")


@pytest.mark.parametrize("estimator", [LinearSVC(), Ridge()])
def test_a_scorer_that_needs_probabilities_says_what_lacks_them(data, estimator):
    with pytest.raises(ValueError, match=r"'neg_log_loss' needs predict_proba, .*'no"):
        compare_remedies(estimator, {}, *data, cv=3, scoring=["r2", "neg_log_loss"])


@pytest.mark.parametrize("scoring", ["accuracy", "roc_auc", "average_precision"])
def test_a_candidate_that_never_differs_gains_nothing(data, scoring):
    same = {"same": RemediedClassifier(CLF)}
    found = compare_remedies(CLF, same, *data, scoring=scoring, random_state=0)
    row = found.table_[1]
    assert [row[key] for key in ("gain", "lower", "upper")] == [0, 0, 0]
    assert row["p_value"] == 1


def test_splits_of_one_row_are_scored(data):
    X, y = data[0][:30], data[1][:30]
    for cv in (LeaveOneOut(), KFold(30)):
        found = compare_remedies(CLF, FLAT, X, y, cv=cv, scoring="accuracy")
        assert np.isfinite(found.table_[-1]["gain"])


def test_rows_of_one_cluster_leave_it_to_the_folds(data):
    cv = StratifiedKFold(5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # groups are ignored by these folds
        found = compare_remedies(CLF, FLAT, *data, groups=np.zeros(300), cv=cv)
    assert found.tests_["score"] == {}
    assert {row["method"] for row in found.table_} == {"", "Nadeau-Bengio"}


def test_predictions_are_kept_out_of_fold_and_shared(data):
    X, y = data
    cv = StratifiedKFold(5, shuffle=True, random_state=1)
    scoring = ["accuracy", "neg_log_loss", "balanced_accuracy"]
    found = compare_remedies(CLF, BALANCE, X, y, cv=cv, scoring=scoring)
    kept = found.predictions_
    expected = cross_val_predict(CLF, X, y, cv=cv)
    assert_array_equal(kept["accuracy"]["nothing"], [expected])
    assert kept["accuracy"]["nothing"] is kept["balanced_accuracy"]["nothing"]
    expected = cross_val_predict(CLF, X, y, cv=cv, method="predict_proba")[:, 1]
    assert_array_equal(kept["neg_log_loss"]["nothing"], [expected])
    again = pickle.loads(pickle.dumps(found))
    assert again.table_ == found.table_ or math.isnan(found.table_[0]["lower"])


@pytest.mark.parametrize("container", ["array", "sparse", "frame"])
@pytest.mark.parametrize("routing", [False, True])
def test_scores_are_those_of_cross_validate(data, container, routing):
    X, y = data
    X = {"array": X, "sparse": sp.csr_array(X), "frame": pd.DataFrame(X)}[container]
    scoring = {
        "auc": "roc_auc",
        "loss": make_scorer(
            log_loss, greater_is_better=False, response_method="predict_proba"
        ),
        "mine": no_scorer,
        "f2": F2,
        "acc": "accuracy",
    }
    with sklearn.config_context(enable_metadata_routing=routing):
        found = compare_remedies(CLF, {}, X, y, cv=4, scoring=scoring, random_state=0)
        for name, candidate in found.candidates_.items():
            expected = cross_validate(
                clone(candidate), X, y, cv=found.splits_, scoring=scoring
            )
            for metric_name in scoring:
                assert_array_equal(
                    found.scores_[metric_name][name], expected[f"test_{metric_name}"]
                )


@pytest.mark.slow
def test_tests_are_the_same_for_any_number_of_jobs(data):
    scoring = ["roc_auc", "average_precision", "accuracy"]
    one, two = (
        compare_remedies(
            CLF, FLAT, *data, cv=3, scoring=scoring, random_state=0, n_jobs=n_jobs
        )
        for n_jobs in (1, 2)
    )
    assert one.tests_ == two.tests_
    assert all(one.tests_[metric]["flat"].standard_error > 0 for metric in scoring)


def test_copies_and_groups_are_clusters(data):
    X, y = data
    rows = np.repeat(np.arange(150), 2)
    for take, groups, of in [
        (rows, None, rows),  # copies are found
        (np.arange(300), np.arange(300) // 2, np.arange(300) // 2),
        (rows, np.arange(300) // 6, np.arange(300) // 6),
    ]:
        found = compare_remedies(
            CLF, FLAT, X[take], y[take], cv=5, groups=groups, random_state=0
        )
        said, test = found.predictions_["score"], found.tests_["score"]["flat"]
        right = {name: (rows == y[take])[0] * 1.0 for name, rows in said.items()}
        d = right["flat"] - right["nothing"]
        expected = rowwise_test([d], test.mean, clusters=of)
        assert_allclose(test.standard_error, expected.standard_error)


def test_regression_is_tested_by_rows():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 3))
    y = X.sum(axis=1) + rng.normal(size=200)
    other = RemediedRegressor(LinearRegression(positive=True, fit_intercept=False))
    for scoring, method in {
        None: "row-wise",
        "neg_mean_absolute_error": "row-wise",
        "explained_variance": "row-wise, jackknife",
        "neg_median_absolute_error": "Nadeau-Bengio",
    }.items():
        found = compare_remedies(
            LinearRegression(), {"o": other}, X, y, scoring=scoring, random_state=0
        )
        row = next(row for row in found.table_ if row["remedy"] == "o")
        assert row["method"] == method
        assert row["lower"] < row["gain"] < row["upper"]


def test_a_small_gain_is_found_that_folds_do_not_show():
    X, y = make_classification(600, 6, n_redundant=0, random_state=3, flip_y=0.3)
    worse = LogisticRegression(C=2e-4)
    found = compare_remedies(
        worse,
        {"free": RemediedClassifier(CLF)},
        X,
        y,
        scoring="neg_log_loss",
        random_state=0,
    )
    assert found.best_ == "free"
