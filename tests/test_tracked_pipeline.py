"""Metadata follow the rows through a pipeline with samplers."""

import pickle

import numpy as np
import pandas as pd
import pytest
import sklearn
from imblearn.over_sampling import SMOTE, SMOTEN, RandomOverSampler
from imblearn.pipeline import Pipeline
from imblearn.under_sampling import RandomUnderSampler
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import get_scorer
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.preprocessing import StandardScaler

from skdataquality.base import BaseRowSampler
from skdataquality.compose import RemediedClassifier, RemedyChain
from skdataquality.duplicates import Deduplicator
from skdataquality.imbalance import ClassBalanceWeighter
from skdataquality.lineage import Lineage
from skdataquality.provenance import TrackedPipeline
from skdataquality.verified import VerifiedLabels
from tests.every_sampler import EVERY, MIX, SELECT, name_of, rows


class Recorder(ClassifierMixin, BaseEstimator):
    """Keep what it was fitted on."""

    def fit(self, X, y, sample_weight=None, source=None, verified=None):
        self.X_, self.y_, self.sample_weight_ = X, y, sample_weight
        self.source_, self.verified_ = source, verified
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.repeat(self.classes_[:1], len(X))


class SourceSampler(BaseRowSampler):
    """Keep the rows of the sources that end in an even number."""

    def __init__(self):
        pass

    def fit_resample(self, X, y, source=None):
        self.source_ = source
        self.lineage_ = Lineage.from_selection(
            np.flatnonzero(np.asarray(source) % 2 == 0), n_in=len(y)
        )
        return X[self.lineage_.origin], y[self.lineage_.origin]


def steps(*samplers, last=None):
    named = [(f"s{i}", clone(sampler)) for i, sampler in enumerate(samplers)]
    last = LogisticRegression() if last is None else last
    return [("scale", StandardScaler()), *named, ("clf", last)]


@pytest.mark.parametrize("sampler", EVERY, ids=name_of)
def test_it_fits_what_imbalanced_learn_fits(sampler):
    X, y = rows()
    if isinstance(sampler, SMOTEN) or "NC" in type(sampler).__name__:
        ours, theirs = (
            kind([("s0", clone(sampler)), ("clf", LogisticRegression())]).fit(X, y)
            for kind in (TrackedPipeline, Pipeline)
        )
    else:
        ours, theirs = (
            kind(steps(sampler)).fit(X, y) for kind in (TrackedPipeline, Pipeline)
        )
    assert_array_equal(ours["clf"].coef_, theirs["clf"].coef_)
    assert_array_equal(ours.predict_proba(X), theirs.predict_proba(X))
    assert ours.lineage_.n_in == 200
    assert [step.name for step in ours.traced_steps_] == ["s0"]


@pytest.mark.parametrize("sampler", SELECT + MIX, ids=name_of)
def test_weights_are_those_of_the_rows_or_of_their_parents_on_average(sampler):
    X, y = rows()
    weight = np.arange(1.0, 201)
    pipeline = TrackedPipeline(
        [
            ("first", RandomUnderSampler(sampling_strategy=0.5, random_state=1)),
            ("second", clone(sampler)),
            ("clf", Recorder()),
        ]
    ).fit(X, y, clf__sample_weight=weight)
    seen, lineage = pipeline["clf"], pipeline.lineage_
    kept = lineage.origin >= 0
    assert_array_equal(seen.sample_weight_[kept], weight[lineage.origin[kept]])
    assert_array_equal(seen.X_[kept], X[lineage.origin[kept]])
    assert_allclose(seen.sample_weight_, lineage.parents @ weight)
    assert_allclose(lineage.parents @ X[:, :3], seen.X_[:, :3], atol=1e-12)


def test_weights_that_mark_rows_fit_as_those_rows_do():
    X, y = rows()
    weight = np.where(np.arange(200) % 3, 1.0, 5.0)
    pipeline = TrackedPipeline(
        steps(
            RandomUnderSampler(random_state=0),
            RandomOverSampler(sampling_strategy={0: 50, 1: 40}),
        )
    ).fit(X, y, clf__sample_weight=weight)
    origin = pipeline.lineage_.origin
    by_hand = LogisticRegression().fit(
        StandardScaler().fit(X).transform(X)[origin], y[origin], weight[origin]
    )
    assert_array_equal(pipeline["clf"].coef_, by_hand.coef_)


@pytest.mark.parametrize("routing", [True, False])
def test_sources_reach_samplers_and_the_last_step(routing):
    X, y = rows()
    source = np.arange(200) % 5
    with sklearn.config_context(enable_metadata_routing=routing):
        sampler, last = SourceSampler(), Recorder()
        given = {"sampler__source": source, "clf__source": source}
        if routing:
            sampler.set_fit_resample_request(source=True)
            last.set_fit_request(source=True)
            given = {"source": source}
        pipeline = TrackedPipeline(
            [
                ("half", RandomUnderSampler(random_state=0)),
                ("sampler", sampler),
                ("more", RandomOverSampler(random_state=0)),
                ("clf", last),
            ]
        ).fit(X, y, **given)
    first = pipeline.traced_steps_[0].lineage
    assert_array_equal(pipeline["sampler"].source_, source[first.origin])
    assert_array_equal(pipeline["clf"].source_, source[pipeline.lineage_.origin])
    assert set(pipeline["clf"].source_) == {0, 2, 4}


@pytest.mark.parametrize("kind", [list, pd.Series, np.asarray])
def test_a_made_row_has_the_source_that_its_parents_share(kind):
    X, y = rows()
    source = kind([f"class {label}" for label in y])
    pipeline = TrackedPipeline(steps(SMOTE(random_state=0), last=Recorder()))
    pipeline.fit(X, y, clf__source=source)
    expected = [f"class {label}" for label in pipeline["clf"].y_]
    assert list(pipeline["clf"].source_) == expected


def test_a_made_row_of_parents_of_two_sources_raises_and_names_the_sampler():
    X, y = rows()
    pipeline = TrackedPipeline(steps(SMOTE(random_state=0), last=Recorder()))
    with pytest.raises(ValueError, match="SMOTE mixed rows with different source"):
        pipeline.fit(X, y, clf__source=np.arange(200))


def test_metadata_of_rows_of_unknown_parents_raise_and_name_the_sampler():
    X, y = rows()
    pipeline = TrackedPipeline(steps(SMOTEN(random_state=0), last=Recorder()))
    pipeline.fit(X, y)
    assert pipeline.lineage_.untraced.sum() == len(pipeline["clf"].y_) - 200
    with pytest.raises(ValueError, match="SMOTEN made .* sample_weight is unknown"):
        pipeline.fit(X, y, clf__sample_weight=np.ones(200))


def test_verified_labels_are_numbered_anew():
    X, y = rows()
    sampler = RandomUnderSampler(random_state=0)
    pipeline = TrackedPipeline(steps(sampler, last=Recorder()))
    verified = VerifiedLabels(np.arange(200), y)
    pipeline.fit(X, y, clf__verified=verified)
    assert_array_equal(
        pipeline["clf"].verified_.rows, np.arange(len(pipeline["clf"].y_))
    )


@pytest.mark.parametrize("routing", [True, False])
def test_folds_of_a_search_keep_weights_with_their_rows(routing):
    X, y = rows()
    weight = np.where(y == 1, 3.0, 1.0)
    with sklearn.config_context(enable_metadata_routing=routing):
        last = Recorder()
        pipeline = TrackedPipeline(steps(SMOTE(random_state=0), last=last))
        if routing:
            pipeline["scale"].set_fit_request(sample_weight=False)
            last.set_fit_request(sample_weight=True)
        given = {"sample_weight" if routing else "clf__sample_weight": weight}
        scoring = get_scorer("accuracy")
        if routing:
            scoring = scoring.set_score_request(sample_weight=False)
        search = GridSearchCV(
            pipeline, {"s0__k_neighbors": [3, 5]}, cv=3, scoring=scoring
        )
        found = search.fit(X, y, **given).best_estimator_["clf"]
        assert_allclose(found.sample_weight_, np.where(found.y_ == 1, 3.0, 1.0))
        fits = cross_validate(
            pipeline,
            X,
            y,
            params=given,
            cv=3,
            return_estimator=True,
            scoring=scoring,
        )["estimator"]
    for fit in fits:
        seen = fit["clf"]
        assert_allclose(seen.sample_weight_, np.where(seen.y_ == 1, 3.0, 1.0))


def test_a_cache_a_copy_and_a_file_keep_the_lineage(tmp_path):
    X, y = rows()
    weight = np.arange(1.0, 201)
    plain = TrackedPipeline(steps(SMOTE(random_state=0)))
    plain.fit(X, y, clf__sample_weight=weight)
    cached = TrackedPipeline(steps(SMOTE(random_state=0)), memory=str(tmp_path))
    for _ in range(2):
        cached = clone(cached).fit(X, y, clf__sample_weight=weight)
        assert_array_equal(cached["clf"].coef_, plain["clf"].coef_)
        assert_array_equal(cached.lineage_.origin, plain.lineage_.origin)
    loaded = pickle.loads(pickle.dumps(cached))
    assert_array_equal(loaded.lineage_.origin, plain.lineage_.origin)
    assert_allclose(
        loaded.traced_steps_[0].lineage.parents.toarray(),
        plain.traced_steps_[0].lineage.parents.toarray(),
    )


def test_a_sampler_at_the_end_returns_what_imbalanced_learn_returns():
    X, y = rows()
    ours, theirs = (
        kind(steps(RandomUnderSampler(random_state=0), last=SMOTE(k_neighbors=3)))
        for kind in (TrackedPipeline, Pipeline)
    )
    for pipeline in (ours, theirs):
        pipeline.set_params(clf__random_state=0)
    X_new, y_new = ours.fit_resample(X, y)
    for made, expected in zip((X_new, y_new), theirs.fit_resample(X, y), strict=True):
        assert_array_equal(made, expected)
    assert ours.lineage_.n_out == len(y_new)
    scaled = ours["scale"].transform(X)
    assert_allclose(ours.lineage_.parents @ scaled, X_new, atol=1e-12)
    assert not hasattr(TrackedPipeline(steps()), "fit_resample")


def test_frames_stay_frames():
    X, y = rows()
    frame = pd.DataFrame(X, columns=list("abcd"))
    pipeline = TrackedPipeline(steps(SMOTE(random_state=0), last=Recorder()))
    pipeline.set_output(transform="pandas").fit(frame, y)
    assert list(pipeline["clf"].X_.columns) == list("abcd")
    assert pipeline.lineage_.untraced.sum() == 0


def test_rows_behind_a_transformer_that_drops_some_are_untraced():
    class FirstHalf(TransformerMixin, BaseEstimator):
        def fit(self, X, y=None):
            return self

        def transform(self, X):
            return X[: len(X) // 2]

    X, _ = rows()
    pipeline = TrackedPipeline([("half", FirstHalf()), ("scale", StandardScaler())])
    lineage = pipeline.fit(X).lineage_
    assert lineage.n_out == 100
    assert lineage.untraced.all()


def test_a_wrapper_hands_its_weights_through():
    X, y = rows()
    inner = TrackedPipeline(steps(RandomOverSampler(random_state=0)))
    clf = RemediedClassifier(inner, ClassBalanceWeighter(), calibration=None).fit(X, y)
    origin = clf.estimator_.lineage_.origin
    by_hand = LogisticRegression().fit(
        StandardScaler().fit(X).transform(X)[origin],
        y[origin],
        ClassBalanceWeighter().fit(X, y).sample_weight_[origin],
    )
    assert_array_equal(clf.estimator_["clf"].coef_, by_hand.coef_)


def test_a_chain_of_remedies_is_one_of_its_steps():
    X, y = rows()
    X[7] = X[3]
    chain = RemedyChain([Deduplicator(), RandomUnderSampler(random_state=0)])
    pipeline = TrackedPipeline(steps(chain, last=Recorder()))
    pipeline.fit(X, y, clf__sample_weight=np.arange(200.0))
    assert_array_equal(pipeline["clf"].sample_weight_, pipeline.lineage_.origin)
