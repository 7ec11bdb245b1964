"""The only file that imports private or experimental scikit-learn names.

A release that moves one of them is then mended by one edit.
"""

from copy import copy
from functools import wraps
from inspect import signature

import scipy.sparse as sp
import sklearn.callback as _callback  # experimental in scikit-learn 1.9
from imblearn.pipeline import _fit_resample_one as fit_resample_one
from imblearn.pipeline import _fit_transform_one as fit_transform_one
from sklearn.base import _fit_context
from sklearn.ensemble._base import _set_random_states as set_random_states
from sklearn.metrics import get_scorer, get_scorer_names
from sklearn.metrics._scorer import _BaseScorer
from sklearn.model_selection._classification_threshold import BaseThresholdClassifier
from sklearn.model_selection._search import BaseSearchCV
from sklearn.model_selection._split import GroupsConsumerMixin
from sklearn.utils import _safe_indexing
from sklearn.utils._metadata_requests import (
    _raise_for_params as raise_for_params,
)
from sklearn.utils._metadata_requests import (
    _routing_enabled as routing_enabled,
)
from sklearn.utils._param_validation import (
    HasMethods,
    Interval,
    InvalidParameterError,
    StrOptions,
)
from sklearn.utils._repr_html.estimator import _VisualBlock
from sklearn.utils._response import _get_response_values
from sklearn.utils._set_output import _get_output_config
from sklearn.utils.metaestimators import _BaseComposition
from sklearn.utils.metaestimators import _safe_split as rows_to_fit_and_score
from sklearn.utils.validation import _check_feature_names_in as check_feature_names_in
from sklearn.utils.validation import _check_method_params as check_method_params
from sklearn.utils.validation import _num_samples as num_samples

from skdataquality.utils._first_guesses import first_guess

CallbackContext = _callback.CallbackContext
CallbackSupportMixin = _callback.CallbackSupportMixin
BaseComposition = _BaseComposition
VisualBlock = _VisualBlock

__all__ = [
    "BaseComposition",
    "BaseSearchCV",
    "BaseThresholdClassifier",
    "CallbackContext",
    "CallbackSupportMixin",
    "GroupsConsumerMixin",
    "HasMethods",
    "Interval",
    "InvalidParameterError",
    "StrOptions",
    "VisualBlock",
    "check_feature_names_in",
    "check_method_params",
    "fit_context",
    "fit_resample_one",
    "fit_transform_one",
    "is_wrapped",
    "lacks",
    "metric_of",
    "named_scorers",
    "num_samples",
    "own_request",
    "parameters_of",
    "raise_for_params",
    "respond",
    "response_method_of",
    "routing_enabled",
    "rows_to_fit_and_score",
    "score_and_question",
    "scores_decisions",
    "set_random_states",
    "take_rows",
    "takes_weight",
    "with_keywords",
]


def fit_context(*, prefer_skip_nested_validation):
    """Validate parameters before a method, as scikit-learn does.

    An object in the wrong place gets an answer that names the right one.
    """

    def decorate(method):
        validated = _fit_context(
            prefer_skip_nested_validation=prefer_skip_nested_validation
        )(method)

        @wraps(method)
        def guided(estimator, *args, **kwargs):
            if said := first_guess(estimator):
                raise InvalidParameterError(said)
            return validated(estimator, *args, **kwargs)

        return guided

    return decorate


def is_pandas_array(X):
    """Whether X is an index or an array of pandas, whose rows scikit-learn misses."""
    return type(X).__module__.split(".")[0] == "pandas" and not hasattr(X, "iloc")


def take_rows(X, rows):
    """Index the rows of any container: array, sparse, pandas, polars, list."""
    if sp.issparse(X):  # not every format has rows to index
        return _safe_indexing(X.tocsr(), rows).asformat(X.format)
    if is_pandas_array(X):
        return X[rows]
    return _safe_indexing(X, rows)


def is_wrapped(transformer):
    """Whether what a transformer returns becomes a data frame (``set_output``)."""
    return _get_output_config("transform", transformer)["dense"] != "default"


def own_request(estimator, method, name):
    """Request of the estimator itself for one metadata: True, False, None or alias.

    None also when the method does not take that metadata.
    """
    requests = estimator._get_metadata_request()
    requests = getattr(requests, "_self_request", None) or requests
    return getattr(requests, method).requests.get(name)


def named_scorers(checked):
    """Scorers by name, from what ``check_scoring`` returns; a single one is "score"."""
    return getattr(checked, "_scorers", {"score": checked})


def metric_of(scorer):
    """Return function, sign and keywords of a scorer by ``make_scorer``, else None."""
    if not isinstance(scorer, _BaseScorer):
        return None
    return scorer._score_func, scorer._sign, scorer._kwargs


def scores_decisions(scoring):
    """Whether a metric, by name or as a scorer, is computed from ``predict``."""
    if isinstance(scoring, str) and scoring in get_scorer_names():
        scoring = get_scorer(scoring)
    return metric_of(scoring) is not None and response_method_of(scoring) == "predict"


def response_method_of(scorer):
    """Name of the method, or names of the methods, that a scorer asks an estimator."""
    return scorer._response_method


def with_keywords(scorer, **keywords):
    """Return the scorer of the same metric with further keywords."""
    new = copy(scorer)
    new._kwargs = {**scorer._kwargs, **keywords}
    return new


def takes_weight(scorer):
    """Whether a scorer takes ``sample_weight``."""
    metric = metric_of(scorer)
    if metric is not None:
        func, _, keywords = metric
        return "sample_weight" in parameters_of(func).keys() - keywords.keys()
    own = getattr(scorer, "_estimator", None)  # what passes on to its score
    return "sample_weight" in parameters_of(getattr(own, "score", scorer))


def parameters_of(func):
    """Parameters of a function by name; none if it does not tell them."""
    try:
        return signature(func).parameters
    except (TypeError, ValueError):  # a function in C without a signature
        return {}


def lacks(scorer, estimator):
    """Return the method that a scorer needs and an estimator has not, or None."""
    if not isinstance(scorer, _BaseScorer):
        return None
    needed = scorer._response_method
    methods = [needed] if isinstance(needed, str) else list(needed)
    has_one = "default" in methods or any(hasattr(estimator, m) for m in methods)
    return None if has_one else " or ".join(methods)


def respond(estimator, X, method, pos_label=None):
    """Return what a scorer is given of the estimator."""
    return _get_response_values(
        estimator, X, response_method=method, pos_label=pos_label
    )[0]


def score_and_question(scorer, estimator, X, y, memory, sample_weight=None):
    """Return a score and the key in memory of what the scorer asked, None if unknown.

    ``memory``, a dict, keeps responses and the question, arguments of ``respond``, so
    that scorers of the same rows share them. The weight goes to a scorer that takes
    one.
    """
    weight = {}
    if sample_weight is not None and takes_weight(scorer):
        weight = {"sample_weight": sample_weight}
    if not isinstance(scorer, _BaseScorer):
        return scorer(estimator, X, y, **weight), None
    used = []

    def remembered(estimator, method, X, pos_label=None):
        key = repr((method, pos_label))
        if key not in memory:
            memory[key] = respond(estimator, X, method, pos_label), (method, pos_label)
        used.append(key)
        return memory[key][0]

    score = scorer._score(remembered, estimator, X, y, **weight)
    return score, used[-1] if len(used) == 1 else None
