"""The default model for a table of any columns."""

from skdataquality.compose._base import default_classifier, default_regressor
from skdataquality.utils._frames import as_frame, is_frame, is_number


def default_model(table, *, regression=False):
    """Return small boosting, inside skrub's tabular pipeline where columns need it.

    Parameters
    ----------
    table : {ndarray, sparse matrix, data frame} of shape (n_samples, n_features)
    regression : bool, default=False

    Returns
    -------
    model : unfitted classifier or regressor

    Raises
    ------
    ValueError
        If the table is an array of objects.
    ImportError
        If columns hold text, dates or categories and skrub is not installed.
    """
    boosting = default_regressor() if regression else default_classifier()
    if is_frame(table) and not all(map(is_number, as_frame(table).schema.values())):
        return _tabular(boosting)
    if not is_frame(table) and table.dtype.kind == "O":
        raise ValueError(
            "X is an array of objects; pass a data frame, or an estimator that takes "
            "such cells."
        )
    return boosting


def _tabular(boosting):
    try:
        from skrub import tabular_pipeline
    except ImportError as error:
        raise ImportError(
            "X holds text, dates or categories, which need skrub: pip install "
            "'skdataquality[cli]', or pass an estimator that encodes them."
        ) from error
    return tabular_pipeline(boosting)
