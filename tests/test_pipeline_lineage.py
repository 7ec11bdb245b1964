"""Where the rows that the last step of a fitted estimator learned from come from."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn import FunctionSampler
from imblearn.base import BaseSampler
from imblearn.combine import SMOTEENN
from imblearn.ensemble import BalancedBaggingClassifier, BalancedRandomForestClassifier
from imblearn.over_sampling import (
    ADASYN,
    SMOTE,
    SMOTENC,
    SVMSMOTE,
    BorderlineSMOTE,
    RandomOverSampler,
)
from imblearn.pipeline import Pipeline, make_pipeline
from imblearn.under_sampling import ClusterCentroids, RandomUnderSampler
from imblearn.utils.testing import all_estimators
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.base import BaseEstimator, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    BaggingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.exceptions import NotFittedError
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    RandomizedSearchCV,
    StratifiedKFold,
    TunedThresholdClassifierCV,
)
from sklearn.pipeline import make_pipeline as make_plain_pipeline
from sklearn.preprocessing import StandardScaler, TargetEncoder

from skdataquality.compose import RemediedClassifier, RemedyChain
from skdataquality.compose._tracing import recorded_draws, trace_sampler
from skdataquality.compose._tracing._interpolated import Fits, parents_on_segments
from skdataquality.compose._tracing._segments import Segments
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.provenance import TrackedPipeline, pipeline_lineage, traced_steps
from tests.every_sampler import EVERY, MIX, SELECT, name_of, rows

LR = LogisticRegression()
HALF = RandomUnderSampler(sampling_strategy=0.5, random_state=0)
MORE = RandomOverSampler(sampling_strategy=0.8, random_state=0)
MADE = SMOTE(random_state=0)


def repeated():
    """Rows of which one is a copy of another of its class."""
    X, y = rows()
    first, second = np.flatnonzero(y == 0)[:2]
    X[second] = X[first]
    return X, y


# ------------------------------------------------------------------ one sampler


def test_every_sampler_of_imbalanced_learn_is_tried():
    known = {kind for _, kind in all_estimators(type_filter="sampler")}
    assert {type(sampler) for sampler in EVERY} == known


@pytest.mark.parametrize("sampler", EVERY, ids=name_of)
def test_every_row_is_traced_or_said_to_be_untraced(sampler):
    X, y = rows()
    X_new, y_new = clone(sampler).fit_resample(X, y)
    steps = [("s", clone(sampler)), ("clf", LR)]
    lineage = TrackedPipeline(steps).fit(X, y).lineage_
    assert lineage.n_out == len(y_new)
    kept = lineage.origin >= 0
    assert_array_equal(X[lineage.origin[kept]], X_new[kept])
    assert_array_equal(y[lineage.origin[kept]], y_new[kept])
    sums = np.where(lineage.untraced, 0, 1)
    assert_allclose(lineage.parents.sum(axis=1), sums, rtol=1e-12)


@pytest.mark.parametrize("sampler", SELECT, ids=name_of)
def test_rows_that_are_only_selected_are_all_traced(sampler):
    X, y = rows()
    lineage = TrackedPipeline([("s", clone(sampler)), ("clf", LR)]).fit(X, y).lineage_
    assert (lineage.origin >= 0).all()


@pytest.mark.parametrize("kind", [np.float64, np.float32, sp.csr_array, pd.DataFrame])
@pytest.mark.parametrize("sampler", MIX, ids=name_of)
def test_parents_reproduce_the_rows_made_of_them(sampler, kind):
    X, y = rows()
    given = kind(X)
    if kind is sp.csr_array and isinstance(sampler, ClusterCentroids):
        sampler = clone(sampler).set_params(voting="soft")
    X_new, _ = clone(sampler).fit_resample(given, y)
    steps = [("s", clone(sampler)), ("clf", LR)]
    lineage = TrackedPipeline(steps).fit(given, y).lineage_
    X_new = X_new.toarray() if sp.issparse(X_new) else np.asarray(X_new)
    assert (lineage.origin == -1).any()
    assert not lineage.untraced.any()
    within = 1e-6 if kind is np.float32 else 1e-9
    assert_allclose(lineage.parents @ X, X_new, atol=within, rtol=0)


def test_parents_of_mixed_rows_reproduce_their_numbers():
    X, y = rows()
    frame = pd.DataFrame(X[:, :3], columns=list("abc"))
    frame["d"] = pd.Categorical(np.array(list("uvw"))[X[:, 3].astype(int)])
    frame["e"] = np.arange(200) % 7  # whole numbers, of which fractions are cut off
    sampler = SMOTENC(["d"], random_state=0)
    X_new, _ = sampler.fit_resample(frame, y)
    clf = RemediedClassifier(StandIn(), sampler, calibration=None).fit(frame, y)
    lineage = clf.lineage_
    assert not lineage.untraced.any()
    assert_allclose(lineage.parents @ X[:, :3], X_new[list("abc")], atol=1e-9)


class StandIn(RandomForestClassifier):
    """Learn from any table."""

    def fit(self, X, y):
        return super().fit(np.zeros((len(y), 1)), y)

    def predict(self, X):
        return super().predict(np.zeros((len(X), 1)))


def test_rows_made_of_whole_numbers_are_untraced():
    X, y = rows()
    X = (10 * X).astype(int)
    lineage = RemediedClassifier(LR, MADE, calibration=None).fit(X, y).lineage_
    assert_array_equal(lineage.untraced, np.arange(lineage.n_out) >= 200)


def test_rows_made_beyond_the_last_one_are_untraced():
    X, y = rows()
    sampler = SVMSMOTE(random_state=0)
    lineage = RemediedClassifier(LR, sampler, calibration=None).fit(X, y).lineage_
    X_new, _ = sampler.fit_resample(X, y)
    made = lineage.origin == -1
    assert made.any()
    assert lineage.untraced.any()
    assert lineage.parents.data.min() >= 0
    assert_allclose((lineage.parents @ X)[made], X_new[made], atol=1e-9)


STATE = np.random.RandomState(0)


@pytest.mark.parametrize("seed", [0, None, STATE], ids=["int", "none", "state"])
@pytest.mark.parametrize("sampler", [SMOTE(), BorderlineSMOTE()])
def test_copies_are_told_apart_by_what_was_drawn(sampler, seed):
    X, y = rows()
    few = np.flatnonzero(y == 1)
    X[few] = np.repeat(X[few[::2]], 2, axis=0)  # everything twice
    sampler = clone(sampler).set_params(random_state=seed)
    clf = RemediedClassifier(LR, sampler, calibration=None)
    lineage = clf.fit(X, y).lineage_
    assert_array_equal(lineage.origin == -1, np.arange(lineage.n_out) >= 200)
    tracked = TrackedPipeline([("s", sampler), ("clf", LR)]).fit(X, y)
    assert not tracked.lineage_.untraced.any()
    assert "_generate_samples" not in vars(sampler)


def test_what_was_drawn_is_what_a_seed_tells():
    X, y = rows()
    fit = SMOTE(random_state=0)
    with recorded_draws(fit) as draws:
        made = fit.fit_resample(X, y)
    written, told = (trace_sampler(fit, X, y, *made, each) for each in (draws, None))
    assert_array_equal(written.parents.indices, told.parents.indices)
    assert_allclose(written.parents.data, told.parents.data, rtol=1e-12)
    row, neighbour, step = draws[1]
    draws[1] = row[::-1], neighbour, step  # what does not reproduce is not believed
    again = trace_sampler(fit, X, y, *made, draws)
    assert_array_equal(again.parents.indices, told.parents.indices)


def test_copies_are_not_told_apart_by_the_residual():
    X, y = rows()
    few = np.flatnonzero(y == 1)
    X[few] = np.repeat(X[few[::2]], 2, axis=0)
    lineage = RemediedClassifier(LR, ADASYN(), calibration=None).fit(X, y).lineage_
    assert_array_equal(lineage.untraced, np.arange(lineage.n_out) >= 200)


def test_on_a_line_no_residual_proves_anything():
    X, y = rows()
    X, sampler = X[:, :1], SMOTE()
    X_new, y_new = sampler.fit_resample(X, y)
    lineage = trace_sampler(sampler, X, y, X_new, y_new)
    made = np.flatnonzero(lineage.origin == -1)
    for row in made:  # the one pair that could have been drawn
        ends = lineage.parents[[row]].indices
        assert X[ends, 0].min() <= X_new[row, 0] <= X[ends, 0].max()
    assert lineage.untraced.sum() > 0.9 * (lineage.n_out - 200)


@pytest.mark.parametrize("n_columns", [1, 4])
def test_rows_of_adasyn_are_traced_to_pairs_that_it_drew(n_columns):
    X, y = rows()
    X = X[:, :n_columns].round(2)  # some rows are copies
    sampler = ADASYN(random_state=0)
    lineage = TrackedPipeline([("s", sampler), ("clf", LR)]).fit(X, y).lineage_
    own = np.flatnonzero(y == 1)
    near = clone(sampler.nn_).fit(X).kneighbors(X[own], return_distance=False)[:, 1:]
    hardness = (y[near] != 1).sum(axis=1) / 5
    n_each = np.rint(hardness / hardness.sum() * sampler.sampling_strategy_[1])
    start = np.repeat(np.arange(own.size), n_each.astype(int))
    near = clone(sampler.nn_).fit(X[own]).kneighbors(X[own], return_distance=False)
    drawn = np.random.RandomState(0).choice(5, size=start.size)
    pairs = own[np.sort(np.stack([start, near[start, 1 + drawn]], axis=1), axis=1)]
    made = np.flatnonzero(lineage.origin == -1)
    assert made.size
    for row in made:
        assert set(lineage.parents[[row]].indices) <= set(pairs[row - 200])


@pytest.mark.parametrize(
    "sampler",
    [
        SMOTE(random_state=0),
        SMOTENC([3], random_state=0),
        BorderlineSMOTE(random_state=0),
        SMOTEENN(random_state=0),
    ],
    ids=name_of,
)
def test_a_seed_and_the_numbers_alone_tell_the_same_parents(sampler):
    X, y = rows()
    unseeded = clone(sampler).set_params(random_state=np.random.RandomState(0))
    first, second = (
        TrackedPipeline([("s", each), ("clf", LR)]).fit(X, y).lineage_
        for each in (clone(sampler), unseeded)
    )
    assert_array_equal(first.origin, second.origin)
    assert (first.origin == -1).any()
    assert abs(first.parents - second.parents).max() < 1e-9


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_columns=st.integers(2, 6),
    scale=st.sampled_from([1e-6, 1.0, 1e6]),
    shift=st.sampled_from([0.0, 1e3]),
    far=st.booleans(),
)
def test_the_pair_that_made_a_row_is_found(seed, n_columns, scale, shift, far):
    rng = np.random.default_rng(seed)
    X = rng.normal(shift, 1, size=(30, n_columns))
    X[:, 0] *= scale
    start = np.repeat(np.arange(30), 4)
    stop = (start + np.tile([1, 2, 3, 4], 30)) % 30
    drawn = rng.integers(120, size=50)
    g = rng.uniform(0.01, 0.99, size=50) * (-0.5 if far else 1)
    made = X[start[drawn]] + g[:, None] * (X[stop[drawn]] - X[start[drawn]])
    segments = Segments(start, stop, before=0.5)
    found = parents_on_segments(Fits(X, made, segments, np.full(n_columns, "f")))
    weights = sp.csr_array((found.weights, (found.rows, found.parents)), (50, 30))
    truth = np.zeros((50, 30))
    truth[np.arange(50), start[drawn]] = 1 - g
    truth[np.arange(50), stop[drawn]] = g
    proved = np.diff(weights.indptr) > 0
    assert proved.sum() == (0 if far else 50)
    assert_allclose(weights.toarray()[proved], truth[proved], atol=1e-6)


# ------------------------------------------------------------------ many steps


@pytest.mark.parametrize("memory", [True, False])
def test_refitting_on_the_traced_rows_gives_the_same_model(memory, tmp_path):
    X, y = rows()
    pipeline = make_pipeline(
        StandardScaler(), HALF, MORE, LR, memory=str(tmp_path) if memory else None
    )
    pipeline = clone(clone(pipeline).fit(X, y)).fit(X, y)
    origin = pipeline_lineage(pipeline, X, y).origin
    scaled = pipeline[0].transform(X)
    again = clone(LR).fit(scaled[origin], y[origin])
    assert_array_equal(again.coef_, pipeline[-1].coef_)


@settings(max_examples=25, deadline=None)
@given(
    which=st.lists(st.integers(0, 4), min_size=0, max_size=4),
    seed=st.integers(0, 1000),
)
def test_steps_compose_as_the_rows_do(which, seed):
    X, y = rows(seed=seed)
    kinds = [
        RandomUnderSampler(sampling_strategy="all", random_state=seed),
        RandomOverSampler(sampling_strategy="all", random_state=seed),
        SMOTE(sampling_strategy="all", k_neighbors=3, random_state=seed),
        Deduplicator(),
        StandardScaler(with_mean=False, with_std=False),
    ]
    steps = [(f"s{i}", clone(kinds[kind])) for i, kind in enumerate(which)]
    pipeline = TrackedPipeline([*steps, ("last", RandomOverSampler(random_state=0))])
    X_new, y_new = pipeline.fit_resample(X, y)
    lineage = pipeline.lineage_
    known = ~lineage.untraced
    assert_allclose((lineage.parents @ X)[known], X_new[known], atol=1e-9)
    kept = lineage.origin >= 0
    assert_array_equal(y[lineage.origin[kept]], y_new[kept])
    assert_array_equal(pipeline_lineage(pipeline).origin, lineage.origin)


@pytest.mark.parametrize(
    "sampler",
    [s for s in EVERY if s.get_params().get("random_state", 0) == 0],
    ids=name_of,
)
def test_a_plain_pipeline_is_traced_as_a_tracked_one_is(sampler):
    X, y = rows()
    plain = make_pipeline(HALF, clone(sampler), LR).fit(X, y)
    tracked = TrackedPipeline(plain.steps).fit(X, y)
    lineage = pipeline_lineage(plain, X, y)
    assert_array_equal(lineage.origin, tracked.lineage_.origin)
    assert abs(lineage.parents - tracked.lineage_.parents).max() == 0


def test_what_a_plain_pipeline_cannot_do_again_is_untraced():
    X, y = rows()
    pipeline = make_pipeline(SMOTE(), LR).fit(X, y)
    lineage = pipeline_lineage(pipeline, X, y)
    assert_array_equal(lineage.untraced, np.arange(lineage.n_out) >= 200)
    combined = make_pipeline(SMOTEENN(), LR).fit(X, y)
    indices = combined[0].enn_.sample_indices_
    origin = pipeline_lineage(combined, X, y).origin
    assert_array_equal(origin, np.where(indices < 200, indices, -2))
    with pytest.raises(ValueError, match="ADASYN .* does not tell how many rows"):
        pipeline_lineage(make_pipeline(ADASYN(), LR).fit(X, y), X, y)


def test_rows_made_of_what_transform_does_not_return_are_untraced():
    X, y = rows()
    encoder = TargetEncoder(cv=StratifiedKFold(), target_type="binary")
    pipeline = make_pipeline(encoder, MADE, LR).fit(X[:, 3:], y)
    lineage = pipeline_lineage(pipeline, X[:, 3:], y)
    assert_array_equal(lineage.untraced, np.arange(lineage.n_out) >= 200)


@pytest.mark.parametrize("wrong", ["fewer", "other labels"])
def test_rows_that_are_not_those_of_the_fit_raise(wrong):
    X, y = rows()
    pipeline = make_pipeline(HALF, MADE, LR).fit(X, y)
    X, y = (X[:150], y[:150]) if wrong == "fewer" else (X, y[::-1] * 0 + (X[:, 0] > 0))
    with pytest.raises(ValueError, match="pass the X and y that"):
        pipeline_lineage(pipeline, X, y)
    clf = RemediedClassifier(LR, HALF).fit(*rows())
    with pytest.raises(ValueError, match="was fitted on 200 rows, and 150 reach it"):
        pipeline_lineage(clf, X[:150], y[:150])


# ------------------------------------------------------------- one in another


def _outer_of(inner):
    """Estimators that fit ``inner`` once on all rows, by the path to it."""
    return {
        "": inner,
        "pipeline": make_plain_pipeline(StandardScaler(), inner),
        "search": GridSearchCV(inner, {}, cv=2),
        "random search": RandomizedSearchCV(inner, {}, n_iter=1, cv=2),
        "threshold": TunedThresholdClassifierCV(inner, cv=2),
        "wrapper": RemediedClassifier(inner),
        "tracked": TrackedPipeline([("scale", StandardScaler()), ("clf", inner)]),
        "nested": GridSearchCV(make_pipeline(StandardScaler(), inner), {}, cv=2),
    }


@pytest.mark.parametrize("outer", _outer_of(LR))
def test_rows_are_followed_into_what_is_inside(outer):
    X, y = repeated()
    inner = RemediedClassifier(make_pipeline(HALF, MORE, LR), Deduplicator())
    fitted = _outer_of(inner)[outer].fit(X, y)
    first = Deduplicator()
    X_left, y_left = first.fit_resample(X, y)
    pipeline = clone(inner.estimator).fit(X_left, y_left)
    expected = first.lineage_.origin[
        pipeline[0].sample_indices_[pipeline[1].sample_indices_]
    ]
    frozen = FrozenEstimator(fitted)
    for estimator in (fitted, frozen):
        assert_array_equal(pipeline_lineage(estimator).origin, expected)
        names = [step.name for step in traced_steps(estimator)]
        ends = ["remedy", "estimator__randomundersampler"]
        assert all(n.endswith(e) for n, e in zip(names, ends, strict=False))
        assert len(names) == 3


def test_steps_say_what_each_remedy_did_and_what_it_weighs():
    X, y = repeated()
    weight = np.r_[0.0, np.ones(199)]
    inner = RemedyChain([("balance", ClassBalanceWeighter()), ("made", MADE), None])
    chain = RemedyChain([Deduplicator(), ("then", inner)])
    clf = RemediedClassifier(LR, chain, calibration=None)
    clf.fit(X, y, sample_weight=weight)
    steps = traced_steps(clf)
    names = [
        "remediedclassifier",
        "remedy__deduplicator",
        "remedy__then__balance",
        "remedy__then__made",
    ]
    assert [step.name for step in steps] == names
    assert [step.lineage.n_in for step in steps] == [200, 199, 198, 198]
    assert [step.sample_weight is None for step in steps] == [True, True, False, True]
    whole = pipeline_lineage(clf)
    assert_array_equal(whole.origin, clf.lineage_.origin)
    assert_array_equal(whole.drop_reason, clf.lineage_.drop_reason)
    assert "balance" in repr(steps[2])


def test_what_edits_no_rows_is_the_identity():
    X, y = rows()
    fitted = make_plain_pipeline(StandardScaler(), RandomForestClassifier(3)).fit(X, y)
    assert traced_steps(fitted) == []
    assert pipeline_lineage(fitted, X, y).is_identity
    assert pipeline_lineage(RemediedClassifier(LR).fit(X, y)).is_identity
    with pytest.raises(ValueError, match="does not tell how many it was fitted on"):
        pipeline_lineage(fitted)


def test_a_wrapper_without_lineage_says_how_to_keep_it():
    X, y = rows()
    clf = RemediedClassifier(LR, Deduplicator(), keep_lineage=False).fit(X, y)
    with pytest.raises(ValueError, match="fit it with keep_lineage=True"):
        pipeline_lineage(clf)


def test_what_was_not_fitted_on_all_rows_is_refused():
    X, y = rows()
    with pytest.raises(NotFittedError):
        pipeline_lineage(RemediedClassifier(LR))
    search = GridSearchCV(RemediedClassifier(LR), {}, cv=2, refit=False).fit(X, y)
    with pytest.raises((ValueError, NotFittedError)):
        pipeline_lineage(search)


# ------------------------------------------------------------- many inner fits


@pytest.mark.parametrize("labels", [[0, 1], ["no", "yes"]])
@pytest.mark.parametrize("kind", [StackingClassifier, VotingClassifier])
def test_members_on_all_rows_have_one_lineage_each(kind, labels):
    X, y = rows()
    y = np.array(labels)[y]
    made = make_pipeline(MADE, LR)
    ensemble = kind([("made", made), ("pruned", RemediedClassifier(LR, MORE))])
    fitted = make_pipeline(HALF, ensemble).fit(X, y)
    first, second = pipeline_lineage(fitted, X, y)
    half = fitted[0].sample_indices_
    assert_array_equal(first.origin[: half.size], half)
    assert (first.origin[half.size :] == -1).all()
    assert_array_equal(second.origin, half[fitted[-1].estimators_[1].lineage_.origin])
    with pytest.raises(ValueError, match="fits what it holds 2 time"):
        traced_steps(fitted, X, y)


@pytest.mark.parametrize(
    "ensemble",
    [
        BaggingClassifier(RemediedClassifier(LR, HALF), 3, random_state=0),
        BaggingClassifier(make_pipeline(HALF, LR), 3, random_state=0),
        BalancedBaggingClassifier(LR, 3, random_state=0),
        BalancedRandomForestClassifier(3, random_state=0),
        CalibratedClassifierCV(RemediedClassifier(LR, HALF), cv=3),
    ],
    ids=lambda ensemble: type(ensemble).__name__,
)
def test_every_inner_fit_has_a_lineage_of_its_own(ensemble):
    X, y = rows()
    lineages = pipeline_lineage(clone(ensemble).fit(X, y), X, y)
    assert len(lineages) == 3
    assert all(lineage.dropped.any() for lineage in lineages)
    assert all((lineage.origin >= 0).all() for lineage in lineages)


def _later(which):
    """An ensemble around a pipeline that learned before, from other rows."""
    before = TrackedPipeline([("made", MADE), ("clf", LR)]).fit(*rows(seed=1))
    frozen = FrozenEstimator(before)
    return before, {
        "voting": VotingClassifier([("a", frozen), ("b", LR)]),
        "calibrated": CalibratedClassifierCV(frozen),
        "prefit": StackingClassifier([("a", before)], cv="prefit"),
    }[which]


@pytest.mark.parametrize("which", ["voting", "calibrated", "prefit"])
def test_what_learned_before_is_not_traced_to_rows_of_the_ensemble(which):
    before, ensemble = _later(which)
    X, y = rows()
    found = pipeline_lineage(ensemble.fit(X[:150], y[:150]), X[:150], y[:150])
    assert found[0].n_in == before.lineage_.n_in
    assert_array_equal(found[0].parents.toarray(), before.lineage_.parents.toarray())


def test_a_frozen_estimator_behind_an_edit_is_refused():
    X, y = rows()
    frozen = FrozenEstimator(RemediedClassifier(LR, MORE).fit(X, y))
    fitted = make_pipeline(HALF, frozen).fit(X, y)
    with pytest.raises(ValueError, match="pass it alone"):
        pipeline_lineage(fitted, X, y)


def test_a_calibration_that_fits_once_has_one_lineage():
    X, y = rows()
    once = CalibratedClassifierCV(make_pipeline(MADE, LR), ensemble=False, cv=2)
    lineage = pipeline_lineage(once.fit(X, y), X, y)
    assert_allclose(lineage.parents @ X, clone(MADE).fit_resample(X, y)[0], atol=1e-9)


# ---------------------------------------------------- samplers of anyone's class


class Numbered(BaseSampler):
    """Tells row numbers that its rows, in another order, do not have."""

    _sampling_type = "bypass"
    _parameter_constraints = {"sampling_strategy": "no_validation"}

    def _fit_resample(self, X, y):
        self.sample_indices_ = np.arange(len(y))
        return X[::-1], y[::-1]


class Heavy(BaseEstimator):
    """Keeps rows of which it is told that they weigh enough."""

    def fit_resample(self, X, y, weight=None):
        kept = np.full(len(y), True) if weight is None else weight > 0.5
        return X[kept], y[kept]


@pytest.mark.parametrize("pipeline", [TrackedPipeline, Pipeline])
def test_row_numbers_that_are_told_are_believed_where_rows_are_equal(pipeline):
    X, y = rows()
    fitted = pipeline([("s", Numbered()), ("clf", LR)]).fit(X, y)
    assert pipeline_lineage(fitted, X, y).untraced.all()


def test_a_sampler_that_may_have_been_given_metadata_is_not_fitted_again():
    X, y = rows()
    weight = np.linspace(0, 1, len(y))
    with config_context(enable_metadata_routing=True):
        heavy = Heavy().set_fit_resample_request(weight=True)
        fitted = make_pipeline(heavy, LR).fit(X, y, weight=weight)
        tracked = TrackedPipeline(fitted.steps).fit(X, y, weight=weight)
    with pytest.raises(ValueError, match="Heavy .* does not tell how many rows"):
        pipeline_lineage(fitted, X, y)
    assert tracked.lineage_.n_out == (weight > 0.5).sum()


@pytest.mark.parametrize("pipeline", [TrackedPipeline, Pipeline])
def test_a_sampler_that_drops_a_column_leaves_rows_untraced(pipeline):
    X, y = rows()
    sampler = FunctionSampler(func=lambda X, y: (X[:, 1:], y))
    fitted = pipeline([("s", sampler), ("clf", LR)]).fit(X, y)
    assert pipeline_lineage(fitted, X, y).untraced.all()
