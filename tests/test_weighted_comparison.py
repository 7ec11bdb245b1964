"""Weights reach the fits and the scores, and a weight means repetition."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.datasets import make_classification, make_regression
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import get_scorer, make_scorer
from sklearn.model_selection import KFold, TunedThresholdClassifierCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from skdataquality.compose import RemediedClassifier
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.model_selection import compare_remedies
from skdataquality.model_selection._influence import (
    influence_of_groups,
    influence_of_rows,
)
from skdataquality.shift import ShiftWeightedClassifier
from skdataquality.utils._sklearn import metric_of

N = 240
COUNTS = np.random.default_rng(1).integers(1, 4, N)
CLASSES = ["accuracy", "f1", "matthews_corrcoef", "neg_log_loss", "roc_auc"]


def first_columns(X):
    return X[:, :2]


NARROW = make_pipeline(FunctionTransformer(first_columns), GaussianNB())


@pytest.fixture(scope="module")
def data():
    return make_classification(
        N, n_features=4, n_redundant=0, class_sep=0.7, flip_y=0.1, random_state=0
    )


def splits_of_both(counts):
    """Splits of rows, and the same of the rows repeated."""
    origin = np.repeat(np.arange(N), counts)
    once = list(KFold(6, shuffle=True, random_state=0).split(np.zeros(N)))
    return once, [
        tuple(np.flatnonzero(np.isin(origin, rows)) for rows in split) for split in once
    ]


@pytest.mark.parametrize("kind", ["classes", "numbers"])
def test_whole_weights_are_repeated_rows(data, kind):
    if kind == "classes":
        X, y = data
        model, other, scoring = GaussianNB(), RemediedClassifier(NARROW), CLASSES
    else:
        X, y = make_regression(N, 4, noise=30, random_state=0)
        model = LinearRegression()
        other = make_pipeline(FunctionTransformer(first_columns), LinearRegression())
        scoring = ["r2", "neg_mean_absolute_error", "neg_root_mean_squared_error"]
    once, repeated = splits_of_both(COUNTS)
    remedies = {} if kind == "numbers" else {"narrow": other}
    if kind == "numbers":
        X = np.round(X, 3)
    options = {"scoring": scoring}
    weighted = compare_remedies(
        model, remedies, X, y, cv=once, sample_weight=COUNTS, **options
    )
    rows = np.repeat(np.arange(N), COUNTS)
    as_rows = compare_remedies(
        model, remedies, X[rows], y[rows], cv=repeated, **options
    )
    for metric in scoring:
        for name in weighted.candidates_:
            assert_allclose(
                weighted.scores_[metric][name],
                as_rows.scores_[metric][name],
                rtol=1e-6,
                atol=1e-9,
            )
        tests, others = weighted.tests_[metric], as_rows.tests_[metric]
        assert tests.keys() == others.keys()
        assert tests or not remedies
        for name, test in tests.items():
            assert test.method == others[name].method == "row-wise"
            # copies are one cluster, so they are no new evidence
            assert_allclose(test.standard_error, others[name].standard_error, rtol=1e-4)
            assert_allclose(test.df, others[name].df, rtol=1e-4)


def response(name, y, rng):
    if name in ("neg_log_loss", "neg_brier_score", "roc_auc"):
        return np.clip(0.3 * y + 0.7 * rng.random(y.size), 0.02, 0.98).round(2)
    if name in ("roc_auc_ovr", "roc_auc_ovo", "roc_auc_ovr_weighted"):
        return rng.dirichlet(np.ones(3), y.size) * 0.7 + 0.3 * np.eye(3)[y]
    if name in ("accuracy", "balanced_accuracy", "f1_macro", "matthews_corrcoef"):
        return np.where(rng.random(y.size) < 0.7, y, 0)
    return y + rng.normal(size=y.size)


@pytest.mark.parametrize(
    "name",
    [
        *("accuracy", "balanced_accuracy", "f1_macro", "matthews_corrcoef"),
        *("neg_log_loss", "neg_brier_score", "roc_auc", "roc_auc_ovr"),
        *("roc_auc_ovr_weighted", "neg_mean_squared_error"),
        *("neg_mean_absolute_error", "neg_root_mean_squared_error", "r2"),
    ],
)
def test_the_influence_is_the_derivative_in_the_weight(name):
    rng = np.random.default_rng(0)
    n_classes = 3 if name in ("f1_macro", *CLASSES[2:3]) or "_ov" in name else 2
    y = rng.integers(0, n_classes, 60)
    said = response(name, y, rng)
    weights = rng.integers(0, 4, 60) * rng.random(60)
    func, sign, kwargs = metric = metric_of(get_scorer(name))

    def value(w):
        return sign * func(y, said, sample_weight=w, **kwargs)

    influence = influence_of_rows(metric, y, said, weights)
    assert_allclose(influence.sum(), 0, atol=1e-4)
    assert_array_equal(influence[weights == 0], 0)
    step = 1e-5 * np.eye(60)
    for i in np.flatnonzero(weights)[:12]:
        slope = (value(weights + step[i]) - value(weights - step[i])) / 2e-5
        assert_allclose(influence[i], 60 * weights[i] * slope, rtol=1e-3, atol=1e-4)
    assert_allclose(  # only shares matter
        influence, influence_of_rows(metric, y, said, 7 * weights), atol=1e-9
    )


def test_equal_weights_change_nothing(data):
    X, y = data
    options = {"scoring": CLASSES, "cv": 4, "random_state": 0}
    plain = compare_remedies(GaussianNB(), {"narrow": NARROW_REMEDY}, X, y, **options)
    equal = compare_remedies(
        *(GaussianNB(), {"narrow": NARROW_REMEDY}, X, y),
        sample_weight=np.full(N, 2.0),
        **options,
    )
    assert plain.score_weight_ is None
    for metric in CLASSES:
        for row, other in zip(plain.table(metric), equal.table(metric), strict=True):
            assert row["remedy"] == other["remedy"]
            for key in ("score", "lower", "upper"):
                assert_allclose(row[key], other[key], rtol=1e-6, atol=1e-8)


NARROW_REMEDY = RemediedClassifier(NARROW)


def test_the_standard_error_of_a_weighted_mean_is_its_linearised_one():
    rng = np.random.default_rng(0)
    y, said, w = rng.integers(0, 2, 50), rng.integers(0, 2, 50), rng.random(50)
    influence = influence_of_rows(metric_of(get_scorer("accuracy")), y, said, w)
    right = (y == said).astype(float)
    residual = w * (right - np.average(right, weights=w)) / w.sum()
    assert_allclose(influence / 50, residual)
    by_groups = influence_of_groups(
        metric_of(get_scorer("accuracy")), y, said, np.arange(50), w
    )
    assert np.corrcoef(by_groups, influence)[0, 1] > 0.99


def test_every_split_gets_the_weights_of_its_rows(data):
    X, y = data
    weight = np.arange(N) + 1.0
    seen = []

    class Recorder(GaussianNB):
        def fit(self, X, y, sample_weight=None):
            seen.append((X[:, 0], sample_weight))
            return super().fit(X, y, sample_weight)

    def loss(y_true, y_pred, sample_weight=None):
        tested.append(sample_weight)
        return 0.0

    tested = []
    found = compare_remedies(
        Recorder(),
        {},
        X,
        y,
        cv=3,
        sample_weight=weight,
        scoring=make_scorer(loss),
        random_state=0,
    )
    for (train, test), (column, given), scored in zip(
        found.splits_, seen, tested, strict=False
    ):
        assert_array_equal(column, X[train, 0])
        assert_array_equal(given, weight[train])
        assert_array_equal(scored, weight[test])


@pytest.mark.parametrize(
    ("model", "remedies", "options", "said"),
    [
        (
            GaussianNB(),
            {},
            {"scoring": "neg_max_error"},
            "'neg_max_error' takes no sample",
        ),
        (
            GaussianNB(),
            {},
            {"scoring": lambda model, X, y: 0.0},
            "'score' takes no sample",
        ),
        (KNeighborsClassifier(), {}, {}, r"remedies\['nothing'\]: .*KNeighbors"),
        (
            GaussianNB(),
            {"near": RemediedClassifier(KNeighborsClassifier())},
            {},
            r"remedies\['near'\]: .*KNeighbors",
        ),
        (
            GaussianNB(),
            {"move": TunedThresholdClassifierCV(None)},
            {},
            r"remedies\['move'\]: .*enable_metadata_routing=True",
        ),
        (GaussianNB(), {}, {"sample_weight": np.ones(3)}, "one weight per row"),
        (GaussianNB(), {}, {"sample_weight": -np.ones(N)}, "Negative"),
        (GaussianNB(), {}, {"sample_weight": "balanced"}, "='balanced' is a text"),
        (
            GaussianNB(),
            {},
            {"sample_weight": np.eye(N)[0]},
            r"0 for all training rows of split",
        ),
    ],
)
def test_what_cannot_be_weighted_is_named_before_any_fit(
    data, monkeypatch, model, remedies, options, said
):
    def fit(*args, **kwargs):
        raise AssertionError("fitted")

    monkeypatch.setattr(GaussianNB, "fit", fit)
    X, y = data
    with pytest.raises(ValueError, match=said):
        compare_remedies(
            model, remedies, X, y, cv=3, **{"sample_weight": np.ones(N), **options}
        )


def test_with_routing_a_threshold_takes_weights_too(data):
    X, y = data
    y = np.where((y == 1) & (np.arange(N) % 2 == 0), 1, 0)
    remedies = {
        "move": TunedThresholdClassifierCV(None),
        "balance": ClassBalanceWeighter(),
    }
    model = make_pipeline(StandardScaler(), LogisticRegression())
    options = {"cv": 2, "scoring": "balanced_accuracy", "random_state": 0}
    with config_context(enable_metadata_routing=True):
        even = compare_remedies(
            model, remedies, X, y, sample_weight=np.ones(N), **options
        )
        uneven = compare_remedies(
            model, remedies, X, y, sample_weight=1 + 9.0 * (X[:, 0] > 0), **options
        )
    plain = compare_remedies(model, remedies, X, y, **options)
    for name in ("nothing", "move", "balance"):
        scores = plain.scores_["balanced_accuracy"][name]
        assert_allclose(even.scores_["balanced_accuracy"][name], scores)
        assert (uneven.scores_["balanced_accuracy"][name] != scores).any()


# -- towards the target rows -------------------------------------------------------


def world(n, centre, seed):
    """The label follows a curve that a straight line fits in one place only."""
    rng = np.random.default_rng(seed)
    X = rng.normal([centre, 0], 1, size=(n, 2))
    y = (X[:, 0] ** 2 + 0.3 * rng.normal(size=n) > 1).astype(int)
    return X, y


def test_scores_are_those_of_target_rows_where_weights_can_be_trusted():
    X, y = world(800, 0, 0)
    X_target, y_target = world(800, 1, 1)
    model = LogisticRegression()
    options = {"cv": 3, "scoring": ["accuracy", "neg_log_loss"], "random_state": 0}
    plain = compare_remedies(model, {}, X, y, **options)
    found = compare_remedies(
        model, {"w": ShiftWeightedClassifier()}, X, y, X_target=X_target, **options
    )
    there = model.fit(X, y).score(X_target, y_target)
    here = plain.scores_["accuracy"]["nothing"].mean()
    weighted = found.scores_["accuracy"]["nothing"].mean()
    assert abs(weighted - there) < 0.5 * abs(here - there)
    assert any("weighted towards X_target (domain AUC" in n for n in found.notes_)
    assert found.score_weight_.shape == (800,)
    assert found.tests_["accuracy"]["w"].method == "row-wise"
    for (train, test), (other, held) in zip(plain.splits_, found.splits_, strict=True):
        assert_array_equal(train, other)
        assert_array_equal(test, held)


@pytest.mark.parametrize(
    ("centre", "n", "said"),
    [(8, 300, "hardly overlap"), (1.5, 60, "would rest on"), (0, 1, "at least 2")],
)
def test_scores_stay_those_of_X_where_they_cannot(centre, n, said):
    X, y = world(300 if n > 60 else 60, 0, 0)
    X_target, _ = world(n, centre, 1)
    plain = compare_remedies(GaussianNB(), {}, X, y, cv=3, random_state=0)
    found = compare_remedies(
        GaussianNB(), {}, X, y, X_target=X_target, cv=3, random_state=0
    )
    assert found.score_weight_ is None
    assert_array_equal(
        found.scores_["score"]["nothing"], plain.scores_["score"]["nothing"]
    )
    note = next(n for n in found.notes_ if "not of rows like X_target" in n)
    assert said in note


def test_target_rows_of_other_features_are_refused():
    X, y = world(60, 0, 0)
    with pytest.raises(ValueError, match="features but X_target has 1"):
        compare_remedies(GaussianNB(), {}, X, y, X_target=X[:, :1], cv=3)


def test_a_metric_without_weights_is_left_and_named():
    X, y = world(400, 0, 0)
    X_target, _ = world(400, 0.5, 1)

    def right(model, X, y):
        return model.score(X, y)

    scoring = {"accuracy": "accuracy", "right": right}
    found = compare_remedies(
        *(GaussianNB(), {}, X, y),
        X_target=X_target,
        scoring=scoring,
        cv=3,
        random_state=0,
    )
    assert any(n.startswith("right takes no weights") for n in found.notes_)
    plain = compare_remedies(
        GaussianNB(), {}, X, y, scoring=scoring, cv=3, random_state=0
    )
    for metric, same in (("accuracy", False), ("right", True)):
        scores = found.scores_[metric]["nothing"], plain.scores_[metric]["nothing"]
        assert np.array_equal(*scores) == same
