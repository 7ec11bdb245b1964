"""Remedies are compared on equal terms, and "nothing" wins unless beaten."""

import builtins
import functools
import json
import math
import pickle
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import polars as pl
import pytest
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline as SamplingPipeline
from imblearn.under_sampling import RandomUnderSampler
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.callback import ProgressBar
from sklearn.datasets import make_classification
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import balanced_accuracy_score, make_scorer
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    LeaveOneOut,
    RepeatedStratifiedKFold,
    StratifiedKFold,
)
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.compose import RemediedClassifier, RemediedRegressor, RemedyChain
from skdataquality.duplicates import Deduplicator, duplicate_groups
from skdataquality.exceptions import DataQualityWarning, FewFoldsWarning
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.label_noise import NoisePruningClassifier
from skdataquality.model_selection import (
    RemedyComparison,
    compare_remedies,
    prefer_nothing,
)
from skdataquality.model_selection._prefer import choose, gains_over, rank
from skdataquality.shift import (
    DiscriminatorWeighter,
    ShiftWeightedClassifier,
    TargetData,
)

CLF = LogisticRegression()
REMEDIES = {
    "under": RandomUnderSampler(random_state=0),
    "weight": ClassBalanceWeighter(),
    "dedup": Deduplicator(),
}


@pytest.fixture(scope="module")
def data():
    return make_classification(
        n_samples=240, n_features=4, weights=[0.8], flip_y=0.05, random_state=0
    )


@pytest.fixture(scope="module")
def skewed():
    return make_classification(
        n_samples=3000, n_features=4, weights=[0.95], class_sep=0.5, random_state=0
    )


@pytest.fixture(scope="module")
def twinned():
    X, y = make_classification(
        n_samples=200, n_features=4, weights=[0.7], random_state=0
    )
    rows = np.r_[np.arange(200), np.arange(60), np.arange(30)]
    order = np.random.default_rng(0).permutation(rows)
    return X[order], y[order]


# -- the same as a grid search -----------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "n_jobs"),
    [("gain", 1), ("noise", 1), pytest.param("noise", 2, marks=pytest.mark.slow)],
)
def test_scores_and_choice_are_those_of_a_grid_search(data, skewed, kind, n_jobs):
    X, y = skewed if kind == "gain" else data
    scoring = "balanced_accuracy" if kind == "gain" else "accuracy"
    found = compare_remedies(
        CLF, REMEDIES, X, y, scoring=scoring, random_state=0, n_jobs=n_jobs
    )
    names = ["under", "nothing", "weight", "dedup"]
    ratio = found.test_train_ratio_
    search = GridSearchCV(
        RemediedClassifier(CLF),
        {"remedy": [REMEDIES.get(name) for name in names]},
        cv=found.splits_,
        scoring=scoring,
        refit=functools.partial(prefer_nothing, test_train_ratio=ratio),
    ).fit(X, y)
    for i, name in enumerate(names):
        of_search = [
            search.cv_results_[f"split{k}_test_score"][i]
            for k in range(found.n_splits_)
        ]
        assert_array_equal(found.scores_[scoring][name], of_search)
    assert names[search.best_index_] == found.best_
    assert (found.best_ == "nothing") == (kind == "noise")


def test_a_single_k_fold_needs_no_ratio(skewed):
    X, y = skewed
    cv = StratifiedKFold(10, shuffle=True, random_state=0)
    found = compare_remedies(CLF, REMEDIES, X, y, cv=cv, scoring="balanced_accuracy")
    search = GridSearchCV(
        RemediedClassifier(CLF),
        {"remedy": [None, *REMEDIES.values()]},
        cv=cv,
        scoring="balanced_accuracy",
        refit=prefer_nothing,
    ).fit(X, y)
    assert ["nothing", *REMEDIES][search.best_index_] == found.best_ != "nothing"


# -- the rule ----------------------------------------------------------------------


def null_scores(rng, n_candidates, n_splits=10):
    """Scores without any gain, whose splits correlate as overlapping folds do."""
    overlap = 1 / n_splits
    common = rng.normal(size=(n_candidates, 1)) * math.sqrt(overlap)
    own = rng.normal(size=(n_candidates, n_splits)) * math.sqrt(1 - overlap)
    return 0.8 + 0.02 * (common + own)


@pytest.mark.parametrize("n_remedies", [1, 5])
def test_no_gain_is_found_where_there_is_none(n_remedies):
    rng, n_draws = np.random.default_rng(n_remedies), 1000
    wrong = sum(
        choose(
            null_scores(rng, n_remedies + 1),
            0,
            list(range(1, n_remedies + 1)),
            test_train_ratio=1 / 9,
        )
        != 0
        for _ in range(n_draws)
    )
    assert wrong / n_draws <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / n_draws)


def test_a_real_gain_is_found(skewed):
    X, y = skewed
    found = compare_remedies(
        CLF,
        {"under": RandomUnderSampler(random_state=0)},
        X,
        y,
        scoring="balanced_accuracy",
        random_state=0,
    )
    assert found.best_ == "under"
    assert found.best_estimator_.remedy.get_params() == (
        RandomUnderSampler(random_state=0).get_params()
    )
    assert not hasattr(found.best_estimator_, "classes_")
    row = found.table_[0]
    assert 0 < row["lower"] < row["gain"] < row["upper"]


def test_the_top_of_the_ranking_is_passed_over_if_noisy():
    rng = np.random.default_rng(0)
    base = rng.normal(0.8, 0.01, 10)
    steady = base + 0.02 + rng.normal(0, 1e-4, 10)
    lucky = base.copy()
    lucky[0] += 1
    scores = [base, lucky, steady]
    assert rank(scores, 0) == [1, 2, 0]
    assert choose(scores, 0, [1, 2], test_train_ratio=1 / 9) == 2


def test_ties_go_to_nothing_and_then_keep_their_order():
    same = np.array([0.5, 0.6, 0.7])
    assert rank([same, same, same, same + 0.1], 2) == [3, 2, 0, 1]
    assert choose([same, same], 0, [1], test_train_ratio=0.5) == 0


def test_a_gain_without_variance_counts_only_if_positive():
    base = np.array([0.5, 0.5, 0.5])
    with pytest.warns(DataQualityWarning, match="variance is 0"):
        better, worse = gains_over(
            base, [base + 0.25, base - 0.25], test_train_ratio=0.5
        )
    assert better.beyond_noise
    assert not worse.beyond_noise
    assert math.isnan(better.p_adjusted)
    assert better.minimum_detectable_gain == 0


def test_holm_is_monotone_in_the_number_of_candidates():
    rng = np.random.default_rng(0)
    base, *others = 0.8 + rng.normal(0, 0.02, size=(7, 10))
    seen = [
        gains_over(base, others[:m], test_train_ratio=1 / 9)[0].p_adjusted
        for m in range(1, 7)
    ]
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]


def test_the_table_says_what_it_tests(data):
    X, y = data
    found = compare_remedies(CLF, REMEDIES, X, y, cv=5, random_state=0)
    assert found.metric_ == "score"
    assert found.ranking_ == [row["remedy"] for row in found.table_]
    means = [row["score"] for row in found.table_]
    assert means == sorted(means, reverse=True)
    for row in found.table_:
        difference = found.scores_["score"][row["remedy"]]
        difference = difference - found.scores_["score"]["nothing"]
        assert_allclose(row["gain"], difference.mean(), atol=1e-12)
        assert all(isinstance(v, str | float | bool) for v in row.values())
        if row["remedy"] == "nothing":
            assert math.isnan(row["p_holm"])
        else:
            assert row["p_holm"] >= row["p_value"]
            assert row["minimum_detectable_gain"] >= 0


# -- candidates --------------------------------------------------------------------


@pytest.mark.parametrize("remedies", [{}, {"a": Deduplicator()}, {"nothing": None}])
def test_nothing_is_always_a_candidate(data, remedies):
    found = compare_remedies(CLF, remedies, *data, cv=3, random_state=0)
    assert set(found.scores_["score"]) == {"nothing", *remedies}
    assert found.candidates_["nothing"].remedy is None
    if set(remedies) <= {"nothing"}:
        assert found.best_ == "nothing"
        assert found.ranking_ == ["nothing"]


@pytest.mark.filterwarnings("ignore::skdataquality.exceptions.WeakModelWarning")
def test_any_kind_of_remedy_is_bound(data):
    held = NoisePruningClassifier(LogisticRegression(C=7), random_state=0)
    found = compare_remedies(
        make_pipeline(StandardScaler(), CLF),
        {
            "off": None,
            "smote": SMOTE(random_state=0),
            "chain": RemedyChain([Deduplicator(), ClassBalanceWeighter()]),
            "prune": NoisePruningClassifier(random_state=0),
            "held": held,
        },
        *data,
        cv=3,
        random_state=0,
    )
    assert_array_equal(found.scores_["score"]["off"], found.scores_["score"]["nothing"])
    assert isinstance(found.candidates_["prune"].estimator, Pipeline)
    assert found.candidates_["held"].estimator.C == 7
    assert found.candidates_["held"] is not held


class NoParameters:
    """A sampler that cannot be cloned."""

    def fit_resample(self, X, y):
        return X, y


def test_a_sampler_that_cannot_be_cloned_is_named(data):
    with pytest.raises(TypeError, match="does not implement a 'get_params'") as caught:
        compare_remedies(CLF, {"mine": NoParameters()}, *data, cv=3)
    assert "remedy 'mine'" in caught.value.__notes__[0]


def test_arguments_are_never_changed(data):
    X, y = data
    weighter = DiscriminatorWeighter(LogisticRegression(), random_state=0)
    remedies = {"shift": weighter}
    compare_remedies(CLF, remedies, X, y, cv=3, X_target=X[:50] * 1.2, random_state=0)
    assert weighter.X_target is None
    assert list(remedies) == ["shift"]


def test_the_default_estimator(data):
    X, y = data
    found = compare_remedies(None, {}, X[:80], y[:80], cv=2)
    assert found.n_splits_ == 2


def test_regression_uses_plain_folds():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 2))
    X[50:] = X[:10]
    y = X[:, 0] + rng.normal(size=60)
    found = compare_remedies(
        LinearRegression(), {"dedup": Deduplicator()}, X, y, random_state=0
    )
    assert isinstance(found.best_estimator_, RemediedRegressor)
    assert found.n_splits_ == 10
    twins = duplicate_groups(X)
    for train, test in found.splits_:
        assert not np.isin(twins[test], twins[train]).any()


# -- splits ------------------------------------------------------------------------


@pytest.mark.parametrize("cv", [None, 5])
def test_duplicates_never_straddle_a_split(twinned, cv):
    X, y = twinned
    found = compare_remedies(CLF, {}, X, y, cv=cv, random_state=0)
    twins = duplicate_groups(X)
    for train, test in found.splits_:
        assert not np.isin(twins[test], twins[train]).any()
        assert len(train) + len(test) == len(y)
    assert any("150 duplicate rows together" in note for note in found.notes_)


def test_parted_duplicates_are_told(twinned):
    found = compare_remedies(CLF, {}, *twinned, cv=StratifiedKFold(3))
    assert any("equal training rows" in note for note in found.notes_)
    assert found.n_splits_ == 3


def test_few_rows_of_a_class_mean_fewer_folds_and_more_repeats():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(100, 2)), np.r_[np.ones(5), np.zeros(95)]
    with pytest.warns(FewFoldsWarning, match="5 folds are used"):
        found = compare_remedies(CLF, {}, X, y, random_state=0)
    assert found.n_splits_ == 45
    assert any("9 times" in note for note in found.notes_)
    assert_allclose(found.test_train_ratio_, 1 / 4)
    folds = {tuple(test) for _, test in found.splits_}
    assert len(folds) == 45


def test_a_splitter_is_used_as_given(data):
    X, y = data
    cv = RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=1)
    found = compare_remedies(CLF, {}, X, y, cv=cv)
    for own, given in zip(found.splits_, cv.split(X, y), strict=True):
        assert_array_equal(own[0], given[0])
        assert_array_equal(own[1], given[1])
    again = compare_remedies(CLF, {}, X, y, cv=iter(found.splits_))
    assert_array_equal(
        again.scores_["score"]["nothing"], found.scores_["score"]["nothing"]
    )
    masks = [np.arange(len(y)) % 3 != k for k in range(3)]
    masked = compare_remedies(CLF, {}, X, y, cv=[(m, ~m) for m in masks])
    assert_allclose(masked.test_train_ratio_, 0.5)


@pytest.mark.parametrize("cv", [None, 4, GroupKFold(4)])
def test_groups_stay_together(twinned, cv):
    X, y = twinned
    groups = duplicate_groups(X) % 40
    found = compare_remedies(CLF, {}, X, y, cv=cv, groups=groups, random_state=0)
    for train, test in found.splits_:
        assert not np.isin(groups[test], groups[train]).any()


def test_held_out_rows_are_never_edited(data):
    X, y = data
    held_out = []

    def recorder(estimator, X, y):
        held_out.append((X.copy(), y.copy()))
        return balanced_accuracy_score(y, estimator.predict(X))

    found = compare_remedies(
        CLF, {"smote": SMOTE(random_state=0), **REMEDIES}, X, y, cv=3, scoring=recorder
    )
    assert found.metric_ == "score"
    assert len(held_out) == 15
    for i, (rows, labels) in enumerate(held_out):
        test = found.splits_[i % 3][1]
        assert_array_equal(rows, X[test])
        assert_array_equal(labels, y[test])


# -- target data -------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["array", "frame", "handle"])
def test_target_rows_reach_those_who_take_them(data, kind):
    X, y = data
    target = X[:60] * 1.2
    if kind == "frame":
        X, target = (
            pd.DataFrame(X).add_prefix("c"),
            pd.DataFrame(target).add_prefix("c"),
        )
    given = TargetData(target) if kind == "handle" else target
    weighter = DiscriminatorWeighter(LogisticRegression(), random_state=0)
    other = TargetData(X[:30])
    found = compare_remedies(
        CLF,
        {
            "wrapper": ShiftWeightedClassifier(random_state=0, weighter=weighter),
            "weighter": weighter,
            "chain": RemedyChain([Deduplicator(), weighter]),
            "has its own": ShiftWeightedClassifier(X_target=other, weighter=weighter),
        },
        X,
        y,
        X_target=given,
        cv=3,
        random_state=0,
    )
    bound = found.candidates_
    seen = [
        bound["wrapper"].X_target,
        bound["weighter"].remedy.X_target,
        bound["chain"].remedy.remedies[1].X_target,
    ]
    assert all(handle == TargetData(target) for handle in seen)
    assert bound["has its own"].X_target is other
    scores = found.scores_["score"]
    assert_array_equal(scores["wrapper"], scores["weighter"])
    assert any("weighted towards X_target" in note for note in found.notes_)
    if kind == "handle":
        assert all(handle is given for handle in seen)


def test_missing_and_unused_target_rows_are_told(data):
    X, y = data
    found = compare_remedies(CLF, {"shift": ShiftWeightedClassifier()}, X, y, cv=3)
    assert any("'shift' takes X_target" in note for note in found.notes_)
    scores = found.scores_["score"]
    assert_array_equal(scores["shift"], scores["nothing"])
    found = compare_remedies(CLF, {}, X, y, cv=3, X_target=X)
    assert any("takes none" in note for note in found.notes_)


# -- containers, metrics, determinism, callbacks -----------------------------------


@pytest.mark.parametrize("container", ["pandas", "polars", "list"])
def test_containers_and_text_labels(twinned, container):
    X, codes = twinned
    y = np.array(["no", "yes"])[codes]
    columns = {f"c{j}": X[:, j] for j in range(X.shape[1])}
    X_given, y_given = {
        "pandas": (pd.DataFrame(columns), pd.Series(y)),
        "polars": (pl.DataFrame(columns), pl.Series(y)),
        "list": (X.tolist(), y.tolist()),
    }[container]
    remedies = {"dedup": Deduplicator(), "weight": ClassBalanceWeighter()}
    expected = compare_remedies(CLF, remedies, X, y, cv=3, random_state=0)
    found = compare_remedies(CLF, remedies, X_given, y_given, cv=3, random_state=0)
    for name, scores in expected.scores_["score"].items():
        assert_array_equal(found.scores_["score"][name], scores)


def test_the_same_for_any_number_of_jobs(data):
    one, two, other = (
        replace(
            compare_remedies(
                CLF, REMEDIES, *data, cv=3, random_state=seed, n_jobs=n_jobs
            ),
            seconds_={},
        )
        for seed, n_jobs in [(0, 1), (0, 2), (1, 1)]
    )
    assert one.to_dict() == two.to_dict()
    assert one.to_dict()["scores"] != other.to_dict()["scores"]


def test_no_global_state_is_touched(data):
    np.random.seed(3)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    compare_remedies(CLF, {}, *data, cv=3)
    assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize(
    ("scoring", "metrics"),
    [
        (None, ["score"]),
        ("roc_auc", ["roc_auc"]),
        (make_scorer(balanced_accuracy_score), ["score"]),
        (["roc_auc", "accuracy"], ["roc_auc", "accuracy"]),
        ({"mine": "roc_auc", "acc": "accuracy"}, ["mine", "acc"]),
        (lambda e, X, y: {"b": e.score(X, y), "a": 0.5}, ["b", "a"]),
    ],
)
def test_several_metrics_the_first_decides(data, scoring, metrics):
    found = compare_remedies(
        CLF, REMEDIES, *data, cv=3, scoring=scoring, random_state=0
    )
    assert list(found.scores_) == metrics
    assert found.metric_ == metrics[0]
    assert json.dumps(found.table(metrics[0])) == json.dumps(found.table_)
    assert {row["remedy"] for row in found.table(metrics[-1])} == {"nothing", *REMEDIES}
    with pytest.raises(ValueError, match="metric='absent' was not computed"):
        found.table("absent")


def test_a_progress_bar_shows_the_comparison(data, capfd):
    compare_remedies(
        CLF, REMEDIES, *data, cv=2, random_state=0, callbacks=[ProgressBar()]
    )
    assert "compare remedies" in capfd.readouterr().out


class Recorder:
    def setup(self, estimator, context):
        self.tasks = []

    def on_fit_task_begin(self, estimator, context):
        self.tasks.append(context.task_name)

    def on_fit_task_end(self, estimator, context):
        self.tasks.append("end")

    def teardown(self, estimator, context):
        self.tasks.append("torn down")


def test_callbacks_get_one_task_per_remedy_and_are_torn_down(data):
    X, y = data
    recorder = Recorder()
    compare_remedies(CLF, {"a": None}, X, y, cv=2, callbacks=(recorder,))
    assert recorder.tasks == [
        *["compare remedies", "nothing", "end", "a", "end", "end", "torn down"]
    ]
    with pytest.raises(ValueError, match="NaN"):
        compare_remedies(
            CLF, {}, X, y, cv=2, callbacks=[recorder], scoring=lambda *_: np.nan
        )
    assert recorder.tasks[-1] == "torn down"


# -- how it looks ------------------------------------------------------------------


@pytest.fixture(scope="module")
def odd_names(data):
    remedies = {
        "<script>alert(1)</script>": Deduplicator(),
        "a | b\nc": ClassBalanceWeighter(),
        "x" * 200: RandomUnderSampler(random_state=0),
    }
    return compare_remedies(CLF, remedies, *data, cv=3, random_state=0)


def test_html_escapes_names(odd_names):
    text = odd_names._repr_html_()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("scale", [1, 1e7, 1e-7])
def test_text_fits_eighty_columns(odd_names, scale):
    scores = {
        "a_metric_" * 20: {
            name: -s * scale for name, s in odd_names.scores_["score"].items()
        }
    }
    wide = RemedyComparison(
        scores, odd_names.splits_, "a_metric_" * 20, odd_names.candidates_, 0.5
    )
    for text in (repr(wide), str(wide), wide.to_text()):
        assert max(map(len, text.splitlines())) <= 80
    lines = [line for line in wide.to_markdown().splitlines() if line[:1] == "|"]
    assert len(lines) == 6
    assert {line.replace(r"\|", "").count("|") for line in lines} == {7}


def test_a_result_as_dict_frame_and_pickle(odd_names):
    plain = json.loads(json.dumps(odd_names.to_dict(), allow_nan=False))
    assert plain["best"] == odd_names.best_
    assert plain["ranking"] == odd_names.ranking_
    frame = odd_names.to_frame()
    assert list(frame.index) == odd_names.ranking_
    assert_allclose(frame["score"], [row["score"] for row in odd_names.table_])
    again = pickle.loads(pickle.dumps(odd_names))
    assert again.to_dict() == odd_names.to_dict()
    with pytest.raises(AttributeError):
        odd_names.metric_ = "other"


def test_a_frame_without_pandas(odd_names, monkeypatch):
    real = builtins.__import__

    def without_pandas(name, *args, **kwargs):
        if name == "pandas":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_pandas)
    with pytest.raises(ImportError, match=r"pip install 'skdataquality\[cli\]'"):
        odd_names.to_frame()


@pytest.mark.parametrize("frame", [np.asarray, pd.DataFrame])
@pytest.mark.parametrize(
    "change",
    [{"cv": LeaveOneOut()}, {"y": np.r_[2, np.arange(39) % 2]}],
    ids=["one row held out", "class of one row"],
)
def test_a_metric_that_misses_a_class_says_so_in_our_words(change, frame):
    X = frame(np.random.default_rng(0).normal(size=(40, 2)))
    given = {"y": np.arange(40) % 2, "cv": StratifiedKFold(3)} | change
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of folds, and of one label in y_true
        with pytest.raises(ValueError, match="'neg_log_loss' has no value .*'nothing'"):
            compare_remedies(CLF, {}, X, scoring="neg_log_loss", **given)


def test_tables_are_copies(odd_names):
    odd_names.table_[0]["remedy"] = "changed"
    assert odd_names.table_[0]["remedy"] != "changed"


# -- errors ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"remedies": [Deduplicator()]}, "must be a dict, with a name"),
        ({"remedies": {1: Deduplicator()}}, "names that are not text"),
        ({"remedies": {"nothing": Deduplicator()}}, "another name"),
        ({"remedies": {"bad": "SMOTE"}}, r"remedies\['bad'\]: remedy='SMOTE' is"),
        ({"remedies": {"bad": Deduplicator}}, "is a class: pass an instance"),
        ({"estimator": "svm"}, "estimator='svm' is a text"),
        ({"estimator": LogisticRegression}, "an instance"),
        ({"y": None}, "y=None"),
        ({"y": np.zeros(3)}, "X has 240, y has 3"),
        ({"groups": np.zeros(3)}, "groups has 3"),
        ({"X_target": np.zeros(4)}, "X_target has shape"),
        ({"scoring": "absent"}, "'absent' is not a valid scoring|'scoring' parameter"),
        ({"scoring": {"accuracy", "f1"}}, "no first metric"),
        ({"scoring": []}, "scoring|Empty list"),
        ({"scoring": lambda *_: np.nan}, "NaN or infinite for remedy 'nothing'"),
        ({"cv": 1}, "cv=1 folds"),
        ({"cv": "five"}, "cv"),
        ({"cv": [(np.arange(100), np.arange(100, 240))]}, "1 split"),
        ({"cv": [([0, 1], []), ([0], [1])]}, r"split\(s\) \[0\]"),
        ({"callbacks": ["bar"]}, "callbacks=.* must be a sequence"),
        ({"callbacks": ProgressBar()}, "callbacks=.* must be a sequence"),
    ],
)
def test_errors_name_argument_and_cure(data, change, message):
    X, y = data
    arguments = {"estimator": CLF, "remedies": {}, "X": X, "y": y, "cv": 3} | change
    with pytest.raises(ValueError, match=message):
        compare_remedies(**arguments)


def test_a_failing_remedy_is_named(data):
    X, y = data
    with pytest.raises(ValueError, match="n_neighbors") as caught:
        compare_remedies(
            CLF, {"smote": SMOTE(k_neighbors=500)}, X, y, cv=2, random_state=0
        )
    assert "remedy 'smote'" in caught.value.__notes__[0]


# -- prefer_nothing ----------------------------------------------------------------


def results(params, means, metric="score"):
    """``cv_results_`` of candidates that differ by steady amounts."""
    noise = np.random.default_rng(0).normal(0, 1e-3, size=(len(means), 5))
    scores = np.asarray(means)[:, None] + noise
    return {
        "params": params,
        f"mean_test_{metric}": scores.mean(axis=1),
        **{f"split{k}_test_{metric}": scores[:, k] for k in range(5)},
    }


RESAMPLED = RemediedClassifier(CLF, SMOTE())
IMPUTED = Pipeline([("imputer", SimpleImputer(strategy="mean")), ("clf", CLF)])


@pytest.mark.parametrize(
    ("on", "off"),
    [
        ({"remedy": SMOTE()}, {"remedy": None}),
        ({"clf__remedy": SMOTE()}, {"clf__remedy": None}),
        ({"strategy": "prune"}, {"strategy": "none"}),
        (
            {"a__strategy": "none", "b__X_target": TargetData(np.ones((2, 2)))},
            {"a__strategy": "none", "b__X_target": None},
        ),
        (
            {"remedy": None, "estimator__strategy": "prune"},
            {"remedy": None, "estimator__strategy": "none"},
        ),
        ({"clf": RESAMPLED}, {"clf": CLF}),
        ({"clf": NoisePruningClassifier()}, {"clf": IMPUTED}),
        ({"clf": RESAMPLED}, {"clf": RemediedClassifier(CLF)}),
        ({"clf": make_pipeline(RESAMPLED)}, {"clf": make_pipeline(CLF)}),
        ({"sampler": SMOTE()}, {"sampler": None, "clf": CLF}),
        ({"sampler": SMOTE()}, {"sampler": "passthrough"}),
        (
            {"remedy": SMOTE(), "imputer__strategy": "mean"},
            {"remedy": None, "imputer__strategy": "median"},
        ),
    ],
)
def test_nothing_is_recognised(on, off):
    assert prefer_nothing(results([on, off], [0.9, 0.8])) == 0
    assert prefer_nothing(results([on, off], [0.8, 0.9])) == 1
    # were `on` taken for nothing, the better of the two would be taken at once
    noisy = results([on, off], [0.8, 0.8])
    noisy["split0_test_score"] = np.array([1.8, 0.8])
    assert prefer_nothing(noisy) == 1


def test_the_baseline_is_the_best_nothing():
    params = [
        {"remedy": None, "C": 1},
        {"remedy": SMOTE(), "C": 1},
        {"remedy": None, "C": 2},
    ]
    assert prefer_nothing(results(params, [0.7, 0.8, 0.9])) == 2
    assert prefer_nothing(results(params, [0.7, 0.9, 0.8])) == 1
    assert isinstance(prefer_nothing(results(params, [0.7, 0.9, 0.8])), int)


@pytest.mark.parametrize(
    "params",
    [
        [{"remedy": SMOTE()}, {"remedy": Deduplicator()}],
        [{"strategy": "prune"}, {"strategy": "relabel"}],
        [{"clf": RESAMPLED}, {"clf": NoisePruningClassifier()}],
        [{"C": 1}, {"C": 2}],
        [{"remedy": None, "X_target": TARGET} for TARGET in [TargetData([[1.0]])] * 2],
    ],
)
def test_without_a_baseline_there_is_no_choice(params):
    with pytest.raises(ValueError, match="add None to the grid"):
        prefer_nothing(results(params, [0.8, 0.9]))


def test_the_metric_must_be_clear():
    params = [{"remedy": None}, {"remedy": SMOTE()}]
    found = results(params, [0.7, 0.8], "f1") | results(params, [0.8, 0.7], "auc")
    with pytest.raises(ValueError, match=r"\['f1', 'auc'\].*metric='f1'"):
        prefer_nothing(found)
    with pytest.raises(ValueError, match="metric='absent'"):
        prefer_nothing(found, metric="absent")
    assert prefer_nothing(found, metric="f1") == 1
    assert prefer_nothing(found, metric="auc") == 0


def test_unusable_scores_raise():
    found = results([{"remedy": None}, {"remedy": SMOTE()}], [0.7, 0.8])
    found["split3_test_score"][1] = np.nan
    with pytest.raises(ValueError, match=r"candidate\(s\) \[1\]"):
        prefer_nothing(found)
    with pytest.raises(ValueError, match=r"1 split\(s\)"):
        prefer_nothing({k: v for k, v in found.items() if "split1" not in k})


def test_a_search_over_whole_estimators(skewed):
    X, y = skewed
    found = GridSearchCV(
        SamplingPipeline([("clf", CLF)]),
        {"clf": [CLF, RemediedClassifier(CLF, ClassBalanceWeighter())]},
        cv=10,
        scoring=["balanced_accuracy", "accuracy"],
        refit=functools.partial(prefer_nothing, metric="balanced_accuracy"),
    ).fit(X, y)
    assert found.best_index_ == 1
    found = clone(found).set_params(
        refit=functools.partial(prefer_nothing, metric="accuracy")
    )
    assert found.fit(X, y).best_index_ == 0


def test_the_model_and_its_fits_are_named(data):
    X, y = data
    found = compare_remedies(None, {"dedup": Deduplicator()}, X, y, cv=3)
    (said,) = [note for note in found.notes_ if note.startswith("model: ")]
    assert "HistGradientBoostingClassifier, fitted 6 times (2 candidates, 3" in said
