"""Training and target rows in one table, and a classifier that tells them apart."""

import warnings

import numpy as np
import scipy.sparse as sp
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, OrdinalEncoder

from skdataquality.exceptions import OverlapWarning
from skdataquality.utils._frames import as_frame, is_frame, is_number, stack_rows
from skdataquality.utils._sklearn import num_samples

MAX_CATEGORIES = 250  # histogram boosting takes 255


def pool(X, X_target):
    """Stack training rows on target rows and say which is which.

    Returns
    -------
    pooled : the stacked table, in the container of X
    is_target : ndarray of shape (n_samples + n_target,), int

    Raises
    ------
    ValueError
        If the two have another number of columns.
    """
    X, X_target = same_columns(X, X_target)
    is_target = np.repeat([0, 1], [num_samples(X), num_samples(X_target)])
    return stack_rows(X, X_target), is_target


def same_columns(X, X_target):
    """Return both tables with the columns of X in its order; see :func:`pool`."""
    if X.shape[1] != X_target.shape[1]:
        raise ValueError(
            f"X has {X.shape[1]} features but X_target has {X_target.shape[1]}. Both "
            f"must be raw rows: wrap the whole pipeline, as in "
            f"ShiftWeightedClassifier(make_pipeline(StandardScaler(), clf), "
            f"X_target=...), instead of using it as a later step."
        )
    if is_frame(X) != is_frame(X_target):
        _warn_names("only one of X and X_target has column names")
        return without_names(X), without_names(X_target)
    if is_frame(X) and set(X.columns) != set(X_target.columns):
        _warn_names("X and X_target have different column names")
        target = as_frame(X_target)
        names = dict(zip(target.columns, list(X.columns), strict=True))
        X_target = target.rename(names).to_native()
    elif is_frame(X) and list(X.columns) != list(X_target.columns):
        X_target = as_frame(X_target).select(list(X.columns)).to_native()
    return X, X_target


def _warn_names(problem):
    warnings.warn(
        f"{problem}; columns are matched by position. Make sure that both are raw "
        f"rows, before any transformation.",
        OverlapWarning,
        stacklevel=2,
    )


def without_names(X):
    """Cells of a data frame as an array; anything else as it is."""
    return as_frame(X).to_numpy() if is_frame(X) else X


def domain_classifier(pooled, random_state=0):
    """Small regularised gradient boosting that takes the pooled table as it is.

    Text and categories become codes; missing values stay missing. Sparse tables get a
    logistic regression.

    Parameters
    ----------
    pooled : {ndarray, sparse matrix, data frame} of shape (n_rows, n_features)
    random_state : int, default=0
        For the early stopping of the boosting.

    Returns
    -------
    classifier : unfitted classifier
    """
    if sp.issparse(pooled):
        return make_pipeline(MaxAbsScaler(), LogisticRegression(max_iter=1000))
    categories = _categorical_columns(pooled)
    boosting = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_leaf_nodes=8,
        min_samples_leaf=int(np.clip(num_samples(pooled) // 20, 10, 50)),
        l2_regularization=1.0,
        early_stopping=True,
        random_state=random_state,
        categorical_features=list(range(len(categories))) or None,
    )
    if not categories:
        return boosting
    encoder = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        encoded_missing_value=np.nan,
        max_categories=MAX_CATEGORIES,
    )
    columns = make_column_transformer((encoder, categories), remainder="passthrough")
    return make_pipeline(columns, boosting)


def _categorical_columns(table):
    """Positions of the columns that are not numbers."""
    if is_frame(table):
        dtypes = as_frame(table).schema.values()
        return [j for j, dtype in enumerate(dtypes) if not is_number(dtype)]
    if table.dtype.kind in "biuf":
        return []
    return [j for j in range(table.shape[1]) if not _holds_numbers(table[:, j])]


def _holds_numbers(column):
    try:
        column.astype(float)
    except (TypeError, ValueError):
        return False
    return True
