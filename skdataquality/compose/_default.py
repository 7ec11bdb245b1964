"""The default model for a table of any columns."""

from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline

from skdataquality.compose._base import default_classifier, default_regressor
from skdataquality.utils._frames import as_frame, is_frame, is_number

WIDE = 1000  # columns


def default_model(table, *, regression=False):
    """Return small boosting, behind skrub's TableVectorizer where columns need it.

    Beyond 1,000 columns it is extremely randomised trees.

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
        If columns hold text, dates or categories and skrub cannot be imported.
    """
    boosting = default_regressor() if regression else default_classifier()
    if table.shape[1] > WIDE:  # histograms cost seconds and gigabytes there
        trees = ExtraTreesRegressor if regression else ExtraTreesClassifier
        boosting = trees(min_samples_leaf=2, random_state=0)
    if needs_encoding(table):
        return make_pipeline(encoder(wide=table.shape[1] > WIDE), boosting)
    return boosting


def needs_encoding(table):
    """Whether a frame holds columns that are no numbers.

    Raises
    ------
    ValueError
        If the table is an array of objects.
    """
    if is_frame(table):
        return not all(map(is_number, as_frame(table).schema.values()))
    if table.dtype.kind == "O":
        raise ValueError(
            "X is an array of objects; pass a data frame, or an estimator that takes "
            "such cells."
        )
    return False


def encoder(*, wide=True):
    """Return skrub's TableVectorizer; categories stay categories unless ``wide``.

    Raises
    ------
    ImportError
        If skrub is not installed, or fails to load.
    """
    try:
        from skrub import TableVectorizer, ToCategorical
    except Exception as error:  # beside newer libraries it may fail in any way
        cure = "pip install 'skdataquality[cli]'"
        if not isinstance(error, ModuleNotFoundError) or error.name != "skrub":
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            cure = f"it is there but does not load ({reason}), so upgrade it"
        raise ImportError(
            f"X holds text, dates or categories, which need skrub: {cure}, or pass an "
            f"estimator that encodes them."
        ) from error
    if wide:
        return TableVectorizer()
    # boosting in scikit-learn 1.9 loses a category that is the only one beside
    # missing values, so a missing value is a category here
    named = SimpleImputer(strategy="constant", fill_value="missing")
    return TableVectorizer(low_cardinality=make_pipeline(named, ToCategorical()))
