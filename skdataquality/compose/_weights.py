"""The one way in which a weight, or groups, reach the ``fit`` of what is inside."""

from inspect import Parameter, signature

from sklearn.metrics import get_scorer
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import has_fit_parameter

from skdataquality.utils._sklearn import (
    BaseSearchCV,
    BaseThresholdClassifier,
    own_request,
    routing_enabled,
    takes_weight,
)


def fit_parameters(estimator, *, sample_weight=None, groups=None, verified=None):
    """Key a weight, groups and verified labels for ``estimator.fit``.

    With metadata routing on, an estimator that left the question open is told to take
    the weight, so pass a clone that may be changed. Groups and verified
    labels are passed on only where ``fit`` names them; few estimators do. An estimator
    that takes no weight raises.
    """
    params = {}
    if sample_weight is not None:
        params[weight_name(estimator)] = sample_weight
    if groups is not None and (name := _groups_name(estimator)):
        params[name] = groups
    if verified is not None and (name := _own_name(estimator, "verified")):
        params[name] = verified
    return params


def named_metadata(method, **given):
    """Keep what is not None and what the method, of anyone's class, names."""
    known = signature(method).parameters
    return {k: v for k, v in given.items() if v is not None and k in known}


def weight_name(estimator):
    """Name under which ``fit`` takes a weight; raise if it takes or wants none."""
    _refuse_inner_samplers(estimator)
    if isinstance(estimator, BaseThresholdClassifier) and not routing_enabled():
        raise ValueError(
            f"{type(estimator).__name__} takes sample_weight only after "
            f"sklearn.set_config(enable_metadata_routing=True)."
        )
    if routing_enabled():
        _request_weight(estimator)
        return "sample_weight"
    name = _parameter_name(estimator, "sample_weight")
    if name is None:
        _raise_no_weight(estimator)
    return name


def _parameter_name(estimator, name):
    if isinstance(estimator, Pipeline):
        step, last = estimator.steps[-1]
        inner = _parameter_name(last, name)
        return None if inner is None else f"{step}__{inner}"
    if isinstance(estimator, BaseSearchCV):
        return _parameter_name(estimator.estimator, name)
    if has_fit_parameter(estimator, name):
        return name
    takes_any = any(
        parameter.kind is Parameter.VAR_KEYWORD
        for parameter in signature(estimator.fit).parameters.values()
    )
    # Voting, Stacking and the like take weights through **fit_params and say themselves
    # when one of their members cannot.
    return name if takes_any and name == "sample_weight" else None


def _groups_name(estimator):
    if isinstance(estimator, BaseSearchCV) and not routing_enabled():
        return "groups"
    return _own_name(estimator, "groups")


def _own_name(estimator, name):
    """Name under which ``fit`` takes such metadata, or None."""
    if not routing_enabled():
        return _parameter_name(estimator, name)
    asks = hasattr(estimator, "_get_metadata_request") and own_request(
        estimator, "fit", name
    )
    return name if asks is True else None


def _request_weight(estimator):
    """Ask for the weight wherever the user left it open: the last step only."""
    if isinstance(estimator, Pipeline):
        for _, step in estimator.steps[:-1]:
            _decide_request(step, False)
        _request_weight(estimator.steps[-1][1])
        return
    inner = getattr(estimator, "estimator", None)
    if hasattr(inner, "fit"):
        _request_weight(inner)
    if isinstance(estimator, BaseThresholdClassifier):
        _weigh_scoring(estimator)
        return
    members = getattr(estimator, "estimators", None) or ()  # of a vote or a stack
    for _, member in members:
        if hasattr(member, "fit"):  # not "drop"
            _request_weight(member)
    if isinstance(estimator, BaseSearchCV) or members:
        return
    if has_fit_parameter(estimator, "sample_weight"):
        if own_request(estimator, "fit", "sample_weight") is False:
            _raise_refused(estimator)
        _decide_request(estimator, True)
    elif not hasattr(inner, "fit"):
        _raise_no_weight(estimator)


def _weigh_scoring(estimator):
    """Let the weight count in what a threshold is tuned for, unless that is decided."""
    scoring = getattr(estimator, "scoring", None)
    if isinstance(scoring, str):
        scorer = get_scorer(scoring)
        if takes_weight(scorer):
            scorer.set_score_request(sample_weight=True)
        estimator.set_params(scoring=scorer)


def _decide_request(step, wanted):
    if (
        hasattr(step, "set_fit_request")
        and has_fit_parameter(step, "sample_weight")
        and own_request(step, "fit", "sample_weight") is None
    ):
        step.set_fit_request(sample_weight=wanted)


def _refuse_inner_samplers(estimator):
    follow = getattr(estimator, "_hands_weights_on", False)
    if follow or not isinstance(estimator, Pipeline):
        return
    for name, step in estimator.steps[:-1]:
        if hasattr(step, "fit_resample"):
            raise ValueError(
                f"the pipeline step {name!r} ({step.__class__.__name__}) changes rows, "
                f"and an imbalanced-learn Pipeline does not change the weights with "
                f"them. Take it out of the pipeline and wrap: "
                f"RemediedClassifier(pipeline_without_it, {step.__class__.__name__}());"
                f" or make it a skdataquality.provenance.TrackedPipeline."
            )


def _raise_no_weight(estimator):
    raise ValueError(
        f"estimator={estimator.__class__.__name__} does not take sample_weight in fit, "
        f"and a weight was given to it. Use an estimator that takes weights, or a "
        f"remedy that selects rows (a row sampler) instead of a weighter."
    )


def _raise_refused(estimator):
    raise ValueError(
        f"{estimator.__class__.__name__}.set_fit_request(sample_weight=False) refuses "
        f"the weight that its wrapper wants to give it. Remove that request, or use a "
        f"remedy that selects rows instead of weighting them."
    )
