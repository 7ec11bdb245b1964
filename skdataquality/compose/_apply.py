"""The one rule that binds an estimator and a remedy."""

from reprlib import repr as shortened

from sklearn.base import clone, is_regressor

from skdataquality.compose._edit import is_remedy
from skdataquality.compose._remedied import RemediedClassifier, RemediedRegressor
from skdataquality.utils._first_guesses import wrong_object


def apply_remedy(estimator, remedy):
    """Return an estimator that fits ``estimator`` with ``remedy``.

    Parameters
    ----------
    estimator : classifier or regressor, or None
        None is the default of the wrapper, a classifier.
    remedy : None, row sampler, weighter, RemedyChain, or meta-estimator
        A remedy is put in :class:`RemediedClassifier` (or ``Regressor``). A
        meta-estimator without an estimator of its own gets this one; one that holds
        an estimator is taken as it is.

    Returns
    -------
    bound : estimator
        Unfitted; neither argument is changed.

    Raises
    ------
    ValueError
        If ``remedy`` is none of these.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.compose import apply_remedy
    >>> from skdataquality.imbalance import ClassBalanceWeighter
    >>> apply_remedy(LogisticRegression(), ClassBalanceWeighter())
    RemediedClassifier(estimator=LogisticRegression(),
                       remedy=ClassBalanceWeighter())
    """
    if estimator is not None and (
        said := wrong_object("estimator", estimator, "estimator")
    ):
        raise ValueError(said)
    if isinstance(remedy, type):
        raise ValueError(wrong_object("remedy", remedy, "remedy"))
    if remedy is None or is_remedy(remedy):
        regression = estimator is not None and is_regressor(estimator)
        wrapper = RemediedRegressor if regression else RemediedClassifier
        return wrapper(estimator, remedy)
    is_detector = hasattr(remedy, "_acted_on_by")
    if (
        hasattr(remedy, "fit")
        and not is_detector
        and "estimator" in _parameters(remedy)
    ):
        if remedy.estimator is not None:
            return remedy
        return clone(remedy).set_params(estimator=estimator)
    raise ValueError(
        wrong_object("remedy", remedy, "remedy")
        or f"remedy={shortened(remedy)} is neither None nor a row sampler, a weighter, "
        f"a RemedyChain or a meta-estimator with a parameter 'estimator'."
    )


def _parameters(estimator):
    return estimator.get_params(deep=False) if hasattr(estimator, "get_params") else {}
