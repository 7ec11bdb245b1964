"""Public checks for remedies and wrappers, ours or of a third party.

``check_estimator`` is the floor; these checks find what it misses. Each raises an
AssertionError that names what went wrong, and returns None.

>>> from imblearn.under_sampling import RandomUnderSampler
>>> from skdataquality.estimator_checks import check_row_sampler
>>> check_row_sampler(RandomUnderSampler(random_state=0))
"""

import pickle

import numpy as np
import scipy.sparse as sp
from sklearn import config_context
from sklearn.base import clone, is_regressor
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.ensemble import (
    BaggingClassifier,
    BaggingRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    TunedThresholdClassifierCV,
    cross_validate,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skdataquality.utils._sklearn import num_samples

__all__ = ["check_row_sampler", "check_weighter", "check_wrapper"]


def _imbalanced_data(n_samples=120, random_state=0):
    X, y = make_classification(
        n_samples=n_samples,
        n_features=5,
        weights=[0.75],
        flip_y=0.02,
        random_state=random_state,
    )
    X[-3:], y[-3:] = X[:3], y[:3]  # some exact duplicates
    return X, np.array(["no", "yes"])[y]


def _require(condition, message):
    if not condition:
        raise AssertionError(message)


def check_row_sampler(sampler):
    """Check that an object keeps the contract of row samplers.

    Parameters
    ----------
    sampler : row sampler
        Unfitted; cloned, never changed. A random one needs an integer seed.

    Raises
    ------
    AssertionError
        If lengths disagree, input is mutated, a second run differs,
        ``sample_indices_`` does not explain the output, or a class vanishes.
    """
    name = sampler.__class__.__name__
    X, y = _imbalanced_data()
    X_before, y_before = X.copy(), y.copy()
    fitted = clone(sampler)
    X_new, y_new = fitted.fit_resample(X, y)
    _require(
        num_samples(X_new) == num_samples(y_new) > 0,
        f"{name} returned {num_samples(X_new)} rows but {num_samples(y_new)} labels",
    )
    _require(
        np.array_equal(X, X_before) and np.array_equal(y, y_before),
        f"{name} changed its input",
    )
    again, y_again = clone(sampler).fit_resample(X, y)
    _require(
        np.array_equal(X_new, again) and np.array_equal(y_new, y_again),
        f"{name} gives another result for the same seed",
    )
    _require(
        set(np.unique(y_new)) == set(np.unique(y)),
        f"{name} deleted or invented a class: {np.unique(y_new)}",
    )
    indices = getattr(fitted, "sample_indices_", None)
    if indices is not None:
        # where rows were made, the lineage says of which
        taken = np.asarray(indices) >= 0
        _require(
            (taken.all() or hasattr(fitted, "lineage_"))
            and np.array_equal(X[indices][taken], X_new[taken]),
            f"{name}.sample_indices_ does not give the rows that it returned",
        )
    if hasattr(fitted, "lineage_"):
        _check_lineage(fitted.lineage_, X, X_new, y, y_new, name)
    pickle.loads(pickle.dumps(fitted))


def _check_lineage(lineage, X, X_new, y, y_new, name):
    kept = lineage.origin >= 0
    _require(lineage.n_in == len(X), f"{name}.lineage_ has another number of rows")
    _require(
        np.array_equal(X[lineage.origin[kept]], X_new[kept]),
        f"{name}.lineage_.origin names other rows than it returned",
    )
    _require(
        np.array_equal(
            y[lineage.origin[kept]] != y_new[kept], lineage.relabelled[kept]
        ),
        f"{name}.lineage_.relabelled disagrees with the labels",
    )
    _require(
        bool((lineage.drop_reason[lineage.dropped] > 0).all()),
        f"{name}.lineage_ drops rows without a reason",
    )


def check_weighter(weighter):
    """Check that an object keeps the contract of weighters.

    Parameters
    ----------
    weighter : weighter
        Unfitted; cloned, never changed. A random one needs an integer seed.

    Raises
    ------
    AssertionError
        If weights are negative, not finite, not of mean 1, depend on the run, or
        ``predict_weight`` is on another scale.
    """
    name = weighter.__class__.__name__
    X, y = _imbalanced_data()
    given = np.random.default_rng(0).integers(1, 4, len(y)).astype(float)
    for sample_weight in (None, given):
        fitted = clone(weighter).fit(X, y, sample_weight=sample_weight)
        weight = fitted.sample_weight_
        _require(weight.shape == y.shape, f"{name} gives {weight.shape} weights")
        _require(
            bool(np.isfinite(weight).all() and (weight >= 0).all() and weight.any()),
            f"{name} gives weights that are negative, not finite or all zero",
        )
        mean = np.average(weight, weights=sample_weight)
        _require(np.isclose(mean, 1), f"{name}: the weighted mean is {mean}, not 1")
        new = fitted.predict_weight(X[:10], y[:10])
        _require(
            new.shape == (10,) and bool(np.isfinite(new).all() and (new >= 0).all()),
            f"{name}.predict_weight gives weights that are negative or not finite",
        )
        again = clone(weighter).fit(X, y, sample_weight=sample_weight)
        _require(
            np.array_equal(again.sample_weight_, weight),
            f"{name} gives other weights for the same seed",
        )
    ess = fitted.effective_sample_size_
    _require(0 < ess <= len(y) * (1 + 1e-9), f"{name}.effective_sample_size_ is {ess}")
    pickle.loads(pickle.dumps(fitted))


def check_wrapper(wrapper):
    """Check a wrapper alone and inside every meta-estimator of scikit-learn.

    Parameters
    ----------
    wrapper : wrapper
        Unfitted; cloned, never changed. A random one needs integer seeds. Its
        estimator must take ``sample_weight``.

    Raises
    ------
    AssertionError
        If a parameter or the input is changed, ``classes_`` is wrong, a row of weight
        0 matters, labels or containers matter, or a host breaks it.
    """
    for check in _WRAPPER_CHECKS:
        check(wrapper)
    if hasattr(wrapper, "predict_proba"):
        _check_probabilities(wrapper)
    for routing in (False, True):
        with config_context(enable_metadata_routing=routing):
            for host in wrapper_hosts(wrapper):
                _check_in_host(wrapper, host)
            _check_cross_validated(wrapper)
    with config_context(enable_metadata_routing=True):
        _check_routed_weight(wrapper)


def _data_for(wrapper, n_samples=120):
    X, y = _imbalanced_data(n_samples)
    if is_regressor(wrapper):
        y = X[:, 0] + 0.1 * np.random.default_rng(0).normal(size=len(X))
        y[-3:] = y[:3]
    return X, y


def _named(wrapper):
    return f"{wrapper.__class__.__name__}"


def _check_nothing_is_changed(wrapper):
    X, y = _data_for(wrapper)
    X_before, y_before = X.copy(), y.copy()
    parameters = wrapper.get_params(deep=False)
    fitted = clone(wrapper)
    held = fitted.get_params(deep=False)
    fitted.fit(X, y)
    _require(
        all(fitted.get_params(deep=False)[k] is v for k, v in held.items()),
        f"{_named(wrapper)}.fit replaced a constructor argument",
    )
    _require(
        not hasattr(fitted.estimator, "n_features_in_"),
        f"{_named(wrapper)}.fit fitted the user's estimator instead of a clone",
    )
    _require(set(parameters) == set(held), f"{_named(wrapper)}: clone lost parameters")
    _require(
        np.array_equal(X, X_before) and np.array_equal(y, y_before),
        f"{_named(wrapper)}.fit changed its input",
    )


def _check_refit_forgets(wrapper):
    X, y = _data_for(wrapper)
    X_other, y_other = _data_for(wrapper, 90)
    used = clone(wrapper).fit(X_other, y_other).fit(X, y)
    fresh = clone(wrapper).fit(X, y)
    _require(
        np.array_equal(used.predict(X), fresh.predict(X)),
        f"{_named(wrapper)} remembers earlier data in a second fit",
    )
    of_fitted = clone(used).fit(X, y)
    _require(
        np.array_equal(of_fitted.predict(X), fresh.predict(X)),
        f"{_named(wrapper)}: a clone of a fitted one remembers earlier data",
    )
    loaded = pickle.loads(pickle.dumps(fresh))
    _require(
        np.array_equal(loaded.predict(X), fresh.predict(X)),
        f"{_named(wrapper)} predicts otherwise after pickling",
    )


def _check_zero_weights_are_absent(wrapper):
    X, y = _data_for(wrapper)
    rng = np.random.default_rng(1)
    weight = rng.integers(0, 3, len(y)).astype(float)
    kept = weight > 0
    a = clone(wrapper).fit(X, y, sample_weight=weight)
    b = clone(wrapper).fit(X[kept], y[kept], sample_weight=weight[kept])
    _require(
        np.allclose(_response(a, X), _response(b, X), atol=1e-6),
        f"{_named(wrapper)}: rows of weight 0 influence the fit",
    )


def _check_containers(wrapper):
    X, y = _data_for(wrapper)
    expected = _response(clone(wrapper).fit(X, y), X)
    variants = [np.asfortranarray(X), X.astype(X.dtype.newbyteorder(">"))]
    readonly = X.copy()
    readonly.flags.writeable = False
    variants.append(readonly)
    for variant in variants:
        _require(
            np.allclose(_response(clone(wrapper).fit(variant, y), X), expected),
            f"{_named(wrapper)} depends on the memory layout of X",
        )
    if wrapper.__sklearn_tags__().input_tags.sparse:
        for kind in (sp.csr_matrix, sp.csr_array, sp.csc_array, sp.coo_array):
            clone(wrapper).fit(kind(X), y).predict(sp.csr_array(X))


def _response(fitted, X):
    proba = getattr(fitted, "predict_proba", None)
    return fitted.predict(X) if proba is None else proba(X)


_WRAPPER_CHECKS = (
    _check_nothing_is_changed,
    _check_refit_forgets,
    _check_zero_weights_are_absent,
    _check_containers,
)


def _check_probabilities(wrapper):
    X, y = _data_for(wrapper)
    fitted = clone(wrapper).fit(X, y)
    proba = fitted.predict_proba(X)
    _require(
        np.array_equal(fitted.classes_, np.unique(y)),
        f"{_named(wrapper)}.classes_ is {fitted.classes_}, expected {np.unique(y)}",
    )
    _require(
        proba.shape == (len(X), 2) and np.allclose(proba.sum(axis=1), 1),
        f"{_named(wrapper)}.predict_proba has shape {proba.shape} or rows not 1",
    )
    codes = np.searchsorted(fitted.classes_, y)
    for labels in (codes, codes * 2 - 1, codes.astype(bool), codes.astype(float)):
        renamed = clone(wrapper).fit(X, labels)
        _require(
            np.allclose(renamed.predict_proba(X), proba),
            f"{_named(wrapper)} depends on how the classes are called",
        )


def wrapper_hosts(wrapper):
    """List the meta-estimators in which a wrapper must work, holding clones of it."""
    inner = clone(wrapper)
    cv = KFold(2, shuffle=True, random_state=0)
    other = LinearRegression() if is_regressor(wrapper) else LogisticRegression()
    hosts = [
        make_pipeline(StandardScaler(), inner),
        GridSearchCV(inner, {"estimator": [inner.estimator, clone(other)]}, cv=cv),
        GridSearchCV(make_pipeline(StandardScaler(), inner), {}, cv=cv),
    ]
    if is_regressor(wrapper):
        return hosts + [
            VotingRegressor([("a", inner), ("b", other)]),
            StackingRegressor([("a", inner), ("b", other)], cv=cv),
            BaggingRegressor(inner, n_estimators=2, random_state=0),
        ]
    if hasattr(wrapper, "predict_proba"):
        hosts.append(CalibratedClassifierCV(inner, cv=cv))
        hosts.append(TunedThresholdClassifierCV(inner, cv=cv, scoring="accuracy"))
    return hosts + [
        VotingClassifier([("a", inner), ("b", other)]),
        StackingClassifier([("a", inner), ("b", other)], cv=cv),
        BaggingClassifier(inner, n_estimators=2, random_state=0),
    ]


def _check_in_host(wrapper, host):
    X, y = _data_for(wrapper)
    fitted = clone(host).fit(X, y)
    _require(
        np.asarray(fitted.predict(X)).shape == y.shape,
        f"{_named(wrapper)} breaks in {host.__class__.__name__}",
    )
    frozen = FrozenEstimator(fitted)
    _require(
        np.array_equal(frozen.fit(X, y).predict(X), fitted.predict(X)),
        f"{_named(wrapper)} in {host.__class__.__name__} predicts otherwise frozen",
    )


def _check_cross_validated(wrapper):
    """Cross-validate it alone, and a search over it: nested cross-validation."""
    X, y = _data_for(wrapper)
    for host in (wrapper, wrapper_hosts(wrapper)[1]):
        scores = cross_validate(clone(host), X, y, cv=2, error_score="raise")
        _require(
            bool(np.isfinite(scores["test_score"]).all()),
            f"{_named(wrapper)} scores {scores['test_score']} in cross-validation",
        )


def _check_routed_weight(wrapper):
    """With routing on a weight and groups reach the wrapper through a search."""
    X, y = _data_for(wrapper)
    weight = np.random.default_rng(2).integers(1, 3, len(y)).astype(float)
    routed = clone(wrapper)
    if routed.estimator is None:
        return
    _request_metadata(routed)
    routed.set_score_request(sample_weight=False)
    groups = np.arange(len(y)) // 2
    search = GridSearchCV(routed, {}, cv=GroupKFold(2)).fit(
        X, y, sample_weight=weight, groups=groups
    )
    alone = clone(routed).fit(X, y, sample_weight=weight, groups=groups)
    _require(
        np.allclose(_response(search.best_estimator_, X), _response(alone, X)),
        f"{_named(wrapper)}: a routed weight does not arrive in a search",
    )


def _request_metadata(estimator):
    if hasattr(estimator, "estimator"):
        estimator.set_fit_request(sample_weight=True, groups=True)
        _request_metadata(estimator.estimator)
    else:
        estimator.set_fit_request(sample_weight=True)
