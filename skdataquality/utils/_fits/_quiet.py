"""What the fit of a default model need not say."""

import warnings
from contextlib import contextmanager

from sklearn.exceptions import ConvergenceWarning


@contextmanager
def default_fit(is_default=True):
    """Silence four warnings of scikit-learn while a model of ours is fitted.

    The user has not chosen the model and cannot heed them: that y holds many classes,
    which was decided before, that a linear member stopped early, and that a fold holds
    a category which the others lack, or lacks a class which is predicted. Warnings of
    the user's estimators pass, as do all others.

    Parameters
    ----------
    is_default : bool, default=True
        False does nothing.

    Notes
    -----
    Entered around the whole cross-validation: scikit-learn hands the filters on to its
    workers. Like scikit-learn's own, it is as safe among threads as
    ``warnings.catch_warnings`` is in the version of Python.
    """
    if not is_default:
        yield
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)
        warnings.filterwarnings("ignore", "Found unknown categories", UserWarning)
        warnings.filterwarnings("ignore", "y_pred contains classes", UserWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield
