"""From rows to votes: :class:`LabelingFunctionTransformer`."""

import warnings
from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import check_is_fitted

from skdataquality.exceptions import LabelingFunctionWarning
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import (
    CallbackSupportMixin,
    StrOptions,
    fit_context,
    is_wrapped,
    num_samples,
)
from skdataquality.utils._validation import check_same_length, check_table
from skdataquality.weak_supervision._functions._answers import ask
from skdataquality.weak_supervision._functions._coding import (
    classes_of,
    vote_table,
    votes_of,
)
from skdataquality.weak_supervision._functions._function import as_functions
from skdataquality.weak_supervision._functions._rows import Rows


class LabelingFunctionTransformer(
    PersistenceMixin, CallbackSupportMixin, TransformerMixin, BaseEstimator
):
    """Apply labelling functions: a table with one column of votes for each.

    Votes are numbers of classes: k stands for ``classes_[k]``, and -1 for none.

    Parameters
    ----------
    functions : list of LabelingFunction or callable
        A plain function is one of rows and keeps its name; a lambda is called
        "lambda_3" if it is the fourth. Names differ.
    on_error : {"raise", "abstain"}, default="raise"
        What a function that raises does to the fit: stop it, or count as an abstention
        in that row, with a warning. Answers that are no labels always raise.
    classes : array-like of shape (n_classes,), default=None
        Labels that functions may return. None takes those of ``y`` in ``fit``; without
        y, or beside missing cells in it, those that the functions return there.
    sparse_output : bool or "auto", default="auto"
        Whether votes come as a sparse matrix, in which no vote takes no space. "auto":
        if fewer than a tenth of a million cells or more hold a vote, unless
        ``set_output`` asks for data frames.
    n_jobs : int, default=None
        Functions that run at the same time, in other processes by default: what they
        hold must pickle.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        Labels, sorted.
    functions_ : list of LabelingFunction
    errors_ : dict of str to dict
        By the name of each function that raised on the rows of ``fit``: ``n_rows``, the
        ``first_row`` (None if it is vectorised, and then abstains everywhere) and the
        ``first_error`` as text.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    LabelingFunctionWarning
        If a function raised and ``on_error="abstain"``.

    See Also
    --------
    labeling_function : Make a labelling function of a function.
    lf_keywords, lf_regex, lf_threshold, lf_lookup, lf_classifier, lf_neighbors :
        Ready-made ones.

    Notes
    -----
    X reaches the functions as it is. A row is a text, if X is a list, Series or array
    of texts; of a data frame an object with ``row.price`` and ``row["price"]`` (a
    column is read once, when first asked for); of an array a 1-D array that cannot be
    written to; of a sparse matrix one of shape (1, n_features). Functions must not
    change a frame that they are given.

    A function may return -1 to abstain, as other libraries have it, or a blank text,
    unless these are among the classes. Where functions, or y, hold -1 and 1 alone, that
    cannot be told: ``classes`` must.

    In a search, try sets of functions by ``{"functions": [[a, b], [a, b, c]]}``.

    Wrong where the functions were written with the eyes on the rows that later judge
    them: look at other rows while writing.

    Examples
    --------
    >>> from skdataquality.weak_supervision import (
    ...     LabelingFunctionTransformer, labeling_function, lf_keywords
    ... )
    >>> @labeling_function
    ... def short(text):
    ...     return "ham" if len(text) < 12 else None
    >>> texts = ["check my channel", "nice song", "free money", "I love this song"]
    >>> spam = lf_keywords(["free", "channel"], "spam")
    >>> applied = LabelingFunctionTransformer([short, spam])
    >>> applied.fit_transform(texts)
    array([[-1,  1],
           [ 0, -1],
           [ 0,  1],
           [-1, -1]], dtype=int8)
    >>> applied.classes_.tolist()
    ['ham', 'spam']
    >>> applied.get_feature_names_out().tolist()
    ['short', 'keywords_spam']
    """

    _parameter_constraints: dict = {
        "functions": "no_validation",  # by its own words
        "on_error": [StrOptions({"raise", "abstain"})],
        "classes": ["array-like", None],
        "sparse_output": ["boolean", StrOptions({"auto"})],
        "n_jobs": [Integral, None],
    }

    def __init__(
        self,
        functions,
        *,
        on_error="raise",
        classes=None,
        sparse_output="auto",
        n_jobs=None,
    ):
        self.functions = functions
        self.on_error = on_error
        self.classes = classes
        self.sparse_output = sparse_output
        self.n_jobs = n_jobs

    @fit_context(prefer_skip_nested_validation=True)
    def fit(self, X, y=None):
        """Ask the functions about the rows, to learn the classes and who fails.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features) \
                or sequence of texts
        y : array-like of shape (n_samples,), default=None
            Only its classes are used, if ``classes=None``. Missing cells, and -1 among
            numbers, are no labels.

        Returns
        -------
        self : LabelingFunctionTransformer

        Raises
        ------
        ValueError
            If a function raises, answers by what is no label or for another number of
            rows, or votes for a label outside the classes; the function is named.
        """
        self._fit(X, y, depth=5)
        return self

    @fit_context(prefer_skip_nested_validation=True)
    def fit_transform(self, X, y=None):
        """Fit, and return the votes, asking each function once.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features) \
                or sequence of texts
        y : array-like of shape (n_samples,), default=None
            Only its classes are used, if ``classes=None``.

        Returns
        -------
        votes : ndarray or CSR array of shape (n_samples, n_functions)
            As of :meth:`transform`.
        """
        return self._table(self._fit(X, y, depth=6), num_samples(X))

    def transform(self, X):
        """Return the votes of every function on every row.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features) \
                or sequence of texts

        Returns
        -------
        votes : ndarray or CSR array of shape (n_samples, n_functions), int8
            Numbers of classes, -1 for none; in a sparse matrix the number of the class
            + 1, and nothing stored for none. int16 with more than 127 classes.

        Raises
        ------
        ValueError
            As in :meth:`fit`.
        """
        check_is_fitted(self)
        X = _checked(self, X, reset=False)
        answers = self._ask(self.functions_, X)
        _warn_of_errors(self.functions_, answers, depth=3)
        return self._table(self._votes(answers), num_samples(X))

    def get_feature_names_out(self, input_features=None):
        """Return the names of the functions.

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        names : ndarray of shape (n_functions,), object
        """
        check_is_fitted(self)
        return np.array([function.name for function in self.functions_], dtype=object)

    def _fit(self, X, y, depth):
        functions = as_functions(self.functions)
        X = _checked(self, X, y)
        check_same_length(X=X, y=y)
        progress = self._init_callback_context(max_subtasks=len(functions))
        progress.call_on_fit_task_begin(estimator=self, X=X, y=y)
        answers = self._ask(functions, X, progress)
        _warn_of_errors(functions, answers, depth)
        self.classes_ = classes_of(functions, answers, self.classes, y)
        self.functions_ = functions
        self.errors_ = {
            function.name: {
                "n_rows": answer.n_failed,
                "first_row": answer.failed_row,
                "first_error": answer.said_error,
            }
            for function, answer in zip(functions, answers, strict=True)
            if answer.n_failed
        }
        votes = self._votes(answers)
        progress.call_on_fit_task_end(estimator=self, X=X, y=y)
        return votes

    def _ask(self, functions, X, progress=None):
        """Return the answers of every function, or raise at the first error."""
        rows, stops = Rows(X), self.on_error == "raise"
        answers = Parallel(n_jobs=self.n_jobs, return_as="generator")(
            delayed(ask)(function, rows, stops=stops) for function in functions
        )
        found = []
        for function in functions:
            task = progress and progress.subcontext(task_name=function.name)
            if task:
                task.call_on_fit_task_begin(estimator=self)
            found.append(next(answers))
            if stops:
                _refuse_error(function, found[-1])
            if task:
                task.call_on_fit_task_end(estimator=self)
        return found

    def _votes(self, answers):
        pairs = zip(self.functions_, answers, strict=True)
        return [votes_of(function, a, self.classes_) for function, a in pairs]

    def _table(self, votes, n_rows):
        sparse = self.sparse_output
        if is_wrapped(self):
            if sparse is True:
                raise ValueError(
                    "sparse_output=True and set_output exclude each other: data frames "
                    "are dense. Pass sparse_output=False."
                )
            sparse = False
        return vote_table(votes, n_rows, self.classes_.size, sparse_output=sparse)

    @property
    def _n_features_out(self):
        return len(self.functions_)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        tags.transformer_tags.preserves_dtype = []
        return tags


def _checked(transformer, X, y=None, *, reset=True):
    shape = getattr(X, "shape", None)
    if (isinstance(X, list | tuple) or (shape and len(shape) == 1)) and not len(X):
        raise ValueError(
            "X is empty: 0 rows were passed, at least 1 is needed to ask functions."
        )
    return check_table(transformer, X, y, reset=reset)


def _refuse_error(function, answers):
    if not answers.n_failed:
        return
    row = answers.failed_row
    at = "on X" if row is None else f"at row {row} (from 0)"
    raise ValueError(
        f"labelling function {function.name!r} failed {at}: {answers.said_error}\n"
        f"Mend it, or pass on_error='abstain'."
    ) from answers.error


def _warn_of_errors(functions, answers, depth):
    """Warn of those that raised, naming the call so many calls up."""
    for function, found in zip(functions, answers, strict=True):
        if found.n_failed:
            row = found.failed_row
            warnings.warn(
                f"labelling function {function.name!r} failed on {found.n_failed} "
                f"row(s) and abstained there; first "
                f"{'on X' if row is None else f'at row {row}'}: {found.said_error}",
                LabelingFunctionWarning,
                stacklevel=depth + 1,
            )
