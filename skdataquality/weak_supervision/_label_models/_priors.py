"""Shares of the true classes that a model takes as given: :func:`fixed_prior`."""

import numpy as np

from skdataquality.utils._sklearn import StrOptions
from skdataquality.weak_supervision._label_models._em import majority

PRIOR_CONSTRAINT = [StrOptions({"majority", "uniform", "learned"}), "array-like"]


def fixed_prior(class_prior, problem):
    """Shares of the classes, or None if they are to be learned."""
    n_classes = problem.votes.n_classes
    if isinstance(class_prior, str):
        if class_prior == "learned":
            return None
        if class_prior == "uniform":
            return np.full(n_classes, 1 / n_classes)
        return problem.prior(majority(problem.start))
    prior = as_floats(class_prior, "class_prior")
    is_positive = (prior > 0) & np.isfinite(prior)
    if prior.shape != (n_classes,) or not is_positive.all():
        raise ValueError(
            f"class_prior={prior.tolist()!r:.60} must be {n_classes} positive shares, "
            f"one for each of the classes {problem.votes.classes.tolist()[:10]}."
        )
    return prior / prior.sum()


def as_floats(values, name):
    """Numbers of a parameter as an array, or an error that names it."""
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}={values!r:.60} must be a list of numbers.") from error
