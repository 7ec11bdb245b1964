"""The models that are fitted when the user names none, and their parts."""

import numpy as np
import scipy.sparse as sp
from sklearn.compose import make_column_transformer
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, OrdinalEncoder, StandardScaler

from skdataquality.compose._usable_columns import UsableColumns
from skdataquality.utils._frames import (
    are_documents,
    as_frame,
    as_numbers,
    as_rows,
    is_frame,
    is_number,
    is_plain,
    iterate_columns,
)
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import refuse_complex

WIDE = 1000  # columns
MAX_CATEGORIES = 250  # histogram boosting takes 255
_SMALL_BOOSTING = {
    "max_iter": 60,
    "max_leaf_nodes": 15,
    "l2_regularization": 1.0,
    "early_stopping": False,
    "random_state": 0,  # bins are drawn from a sample of large tables
}


def default_classifier():
    """Return small regularised gradient boosting; NaN and any scale are fine."""
    return HistGradientBoostingClassifier(**_SMALL_BOOSTING)


def default_regressor():
    """Return small regularised gradient boosting for numbers."""
    return HistGradientBoostingRegressor(**_SMALL_BOOSTING)


def linear_classifier():
    """Return logistic regression; columns must be scaled and without holes."""
    return LogisticRegression(max_iter=1000)


def text_model(texts, *, regression=False):
    """Return TF-IDF of words and a linear model: long known, fast, hard to beat."""
    linear = Ridge() if regression else linear_classifier()
    return make_pipeline(word_weights(texts), linear)


def word_weights(texts):
    """Return unfitted TF-IDF of words; signs count where they stand alone."""
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(
            "X holds dicts or bytes, which the default model does not read: pass an "
            "estimator that does, such as make_pipeline(DictVectorizer(), "
            "LogisticRegression())."
        )
    if are_blank(texts):
        raise ValueError(
            f"X holds {num_samples(texts)} texts, all of them blank: pass texts with "
            f"words."
        )
    return TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\w+|[^\w\s]+")


def are_blank(texts):
    """Whether no text has a sign in it."""
    return not any(str(text).strip() for text in texts)


def default_model(table, *, regression=False, X_target=None):
    """Return small boosting, behind skrub's TableVectorizer where columns need it.

    Beyond 1,000 columns, and for sparse tables, it is extremely randomised trees; for a
    sequence of texts TF-IDF and a linear model. Where cells are missing, infinite or no
    numbers, UsableColumns comes first.

    Parameters
    ----------
    table : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
    regression : bool, default=False
    X_target : like table, default=None
        Other rows that it will predict.

    Returns
    -------
    model : unfitted classifier or regressor

    Raises
    ------
    ValueError
        If the table is an array that holds other objects than numbers.
    ImportError
        If columns hold text, dates or categories and skrub cannot be imported.
    """
    if are_documents(table):
        return text_model(table, regression=regression)
    table = as_rows(table)
    boosting = default_regressor() if regression else default_classifier()
    is_wide = table.shape[1] > WIDE
    if is_wide or sp.issparse(table):  # histograms cost gigabytes, or are not offered
        trees = ExtraTreesRegressor if regression else ExtraTreesClassifier
        boosting = trees(min_samples_leaf=2, random_state=0)
    steps = _to_usable(table, wide=is_wide)
    if not steps and X_target is not None and not is_plain(X_target):
        steps = [UsableColumns()]
    return make_pipeline(*steps, boosting) if steps else boosting


def to_scaled_numbers(X):
    """Return unfitted transformers that make scaled columns without holes of a table.

    Text, dates or categories of a data frame go through skrub's TableVectorizer, a
    sequence of texts through TF-IDF.
    """
    if are_documents(X):
        return [word_weights(X)]
    X = as_rows(X)
    imputer = SimpleImputer(keep_empty_features=True)
    return [*_to_usable(X, wide=True), imputer, _scaler(X)]


def measurable(X, *, only_numbers):
    """Return a table if distances between its rows can be measured, or None.

    ``only_numbers`` where no column is to be encoded, since the model that the user
    passed may read cells that we cannot.
    """
    if sp.issparse(X) or are_documents(X) or not 0 < X.shape[1] <= WIDE:
        return None
    if only_numbers:
        is_readable = not needs_encoding(X) if is_frame(X) else X.dtype.kind in "biuf"
        return X if is_readable else None
    return X


def _to_usable(table, *, wide):
    """Return unfitted transformers that make columns of numbers; none may be needed."""
    if needs_encoding(table):
        return [UsableColumns(), encoder(wide=wide)]
    return [] if is_plain(table) else [UsableColumns()]


def _scaler(X):
    """Return an unfitted scaler of the columns that keeps sparse tables sparse."""
    # scaling columns of few non-zero cells by their variance would inflate these
    return MaxAbsScaler() if sp.issparse(X) else StandardScaler()


def needs_encoding(table):
    """Whether a frame holds columns that are no numbers.

    Raises
    ------
    ValueError
        If the table is an array that holds other objects than numbers.
    """
    if is_frame(table):
        return not all(map(is_number, as_frame(table).schema.values()))
    refuse_complex(table)
    kind = table.dtype.kind
    if kind not in "biufOSUT" or (
        kind in "OSUT"
        and any(as_numbers(cells) is None for _, cells in iterate_columns(table))
    ):
        raise ValueError(
            "X is an array of objects that are not all numbers; pass a data frame, or "
            "an estimator that takes such cells."
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
        from skrub import StringEncoder, TableVectorizer, ToCategorical
    except Exception as error:  # beside newer libraries it may fail in any way
        cure = "pip install 'skdataquality[cli]'"
        if not isinstance(error, ModuleNotFoundError) or error.name != "skrub":
            reason = f"{type(error).__name__}: {error}".splitlines()[0]
            cure = f"it is there but does not load ({reason}), so upgrade it"
        raise ImportError(
            f"X holds text, dates or categories, which need skrub: {cure}, or pass an "
            f"estimator that encodes them."
        ) from error
    long_text = StringEncoder(random_state=0)  # or two fits of a model differ
    if wide:
        return TableVectorizer(high_cardinality=long_text)
    # boosting in scikit-learn 1.9 loses a category that is the only one beside
    # missing values, so a missing value is a category here
    named = [
        SimpleImputer(missing_values=kind, strategy="constant", fill_value="missing")
        for kind in (np.nan, None)  # a missing text of pandas, and of polars
    ]
    return TableVectorizer(
        low_cardinality=make_pipeline(*named, ToCategorical()),
        high_cardinality=long_text,
    )


def domain_classifier(
    pooled, random_state=0, *, X=None, early_stopping=True, **boosting_parameters
):
    """Return small boosting that tells target from training rows in a pooled table.

    Text and categories become codes; missing values stay missing. Sparse tables get a
    logistic regression.

    Parameters
    ----------
    pooled : {ndarray, sparse matrix, data frame} of shape (n_rows, n_features)
    random_state : int, default=0
        For the early stopping of the boosting.
    X : like pooled, default=None
        Other rows that it will predict.
    early_stopping : bool, default=True
        Needs some rows of each side in every fold.
    **boosting_parameters : dict
        Of the boosting, instead of those of the default.

    Returns
    -------
    classifier : unfitted classifier
    """
    if are_documents(pooled):
        return text_model(pooled)
    if sp.issparse(pooled):
        steps = _to_usable(pooled, wide=False)
        return make_pipeline(*steps, _scaler(pooled), linear_classifier())
    texts = _text_columns(pooled)
    parameters = {
        "learning_rate": 0.05,
        "max_leaf_nodes": 8,
        "l2_regularization": 1.0,
    } | boosting_parameters
    boosting = HistGradientBoostingClassifier(
        **parameters,
        min_samples_leaf=int(np.clip(num_samples(pooled) // 20, 10, 50)),
        early_stopping=early_stopping,
        random_state=random_state,
        categorical_features=list(range(len(texts))) or None,
    )
    if not texts:
        plain = is_plain(pooled) and (X is None or is_plain(X))
        return boosting if plain else make_pipeline(USABLE, boosting)
    as_codes = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        encoded_missing_value=np.nan,
        max_categories=MAX_CATEGORIES,
    )
    columns = make_column_transformer((as_codes, texts), remainder="passthrough")
    return make_pipeline(USABLE, columns, boosting)


USABLE = UsableColumns(moments="seconds")


def _text_columns(table):
    """Names of the columns of a table that are read as text."""
    if not is_frame(table) and table.dtype.kind in "biuf":
        return []
    usable = UsableColumns(moments="seconds").fit(table)
    return [str(name) for name, kind in usable.kinds_.items() if kind == "text"]
