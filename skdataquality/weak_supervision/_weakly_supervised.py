"""A classifier that learns from functions: :class:`WeaklySupervisedClassifier`."""

import numpy as np
from sklearn.base import clone

from skdataquality.compose import ClassifierWrapper, Edit
from skdataquality.compose._weights import weight_name
from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._frames import missing_mask
from skdataquality.utils._printable import printable
from skdataquality.utils._rows_handle import check_handle
from skdataquality.utils._sklearn import (
    StrOptions,
    fit_context,
    num_samples,
    take_rows,
)
from skdataquality.utils._validation import (
    as_label_column,
    encode_labels,
)
from skdataquality.weak_supervision._functions import LabelingFunctionTransformer
from skdataquality.weak_supervision._gold_only import gold_rows
from skdataquality.weak_supervision._label_models import BaseLabelModel, LabelModel
from skdataquality.weak_supervision._unlabeled_data import UnlabeledData, with_pool
from skdataquality.weak_supervision._weak_labels import weak_labels


class WeaklySupervisedClassifier(ClassifierWrapper):
    """Classifier fitted on labels that functions vote for.

    Labelling functions vote on the training rows, a label model weighs the votes, and
    the estimator learns from the probable labels. Rows to predict meet the estimator
    alone, so it also labels rows on which every function abstains.

    Gold labels, in ``y``, do not reach label model and estimator unless ``use_gold``:
    they are there for scores. ``functions=None`` learns from them alone, which often
    wins once there are a few hundred: put it into every grid.

    Parameters
    ----------
    functions : list of functions, LabelingFunctionTransformer or None
        Labelling functions; a transformer carries their options, such as ``on_error``.
        None is gold only: the estimator is fitted on the rows that have a gold label.
    label_model : label model, default=None
        Unfitted, such as :class:`MajorityVote` or :class:`DawidSkene`. None is
        :class:`LabelModel`, made for functions that abstain.
    estimator : classifier, default=None
        None is a small regularised
        :class:`~sklearn.ensemble.HistGradientBoostingClassifier`, or TF-IDF and
        logistic regression where X is a sequence of texts.
    soft : "auto" or bool, default="auto"
        True repeats every row once per class, weighted by its probability (copies
        below .001 are left out); False gives each row its most probable class; "auto"
        is True if the estimator takes weights and does not split its rows itself, where
        copies of one row would stand on both sides.
    uncovered : {"drop", "keep"}, default="drop"
        What becomes of rows without a vote: left out, or kept with the shares of the
        classes that the label model found ("soft"), or the likeliest class.
    use_gold : bool, default=False
        Whether rows with a gold label count as known, for label model and estimator.
    classes : array-like of shape (n_classes,), default=None
        Every label there may be; any other vote is refused. None: those voted for, and
        those in y.
    missing_label : "auto", None or label, default="auto"
        What says "no gold label" in y beside missing cells. "auto" takes -1 among
        numbers, unless functions vote for it; y of -1 and one other number alone is two
        classes if there are no functions. None takes nothing.
    X_unlabeled : UnlabeledData, default=None
        Rows that take part in every fit beside those in X, for cross-validation
        of a few gold labels (see the example).
    keep_lineage : bool, default=True
        False keeps nothing that has a value for each training row: ``lineage_``,
        ``votes_``, ``label_proba_``.

    Attributes
    ----------
    estimator_ : classifier
        Fitted on the rows with labels.
    functions_ : LabelingFunctionTransformer or None
    label_model_ : label model or None
        Fitted; its ``accuracies_`` say how often each function is right.
    votes_ : {ndarray, sparse matrix} of shape (n_rows, n_functions) or None
        Of the training rows of positive weight, those of `X_unlabeled` last; see
        :func:`lf_summary`.
    label_proba_ : ndarray of shape (n_rows, n_classes) or None
        Probabilities of the classes of the same rows.
    coverage_ : float
        Share of these rows that have a vote, or a gold label that is used.
    classes_ : ndarray of shape (n_classes,)
    lineage_ : Lineage
        Which rows were left out ("no label"), repeated, or got a label from votes.
        Rows of X come first, then those of `X_unlabeled`.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    LabelModel : Weighs the votes.
    lf_summary : Which functions are worth keeping.
    NoisePruningClassifier : For one given label a row, some of them wrong.

    Notes
    -----
    Wrong where the functions share their errors: the estimator learns these as truth,
    and no vote tells. Only gold labels do, so keep some and compare with gold only.

    Cross-validation scores rows that have a label, and takes -1 for one: give it the
    rows with gold labels, and all others as ``X_unlabeled``. A row among these that
    equals a test row has its features in training, its label not.

    A row of weight k counts k times in the estimator, once in the label model: with
    ``use_gold``, rows with gold labels may be given more weight. Each fit applies the
    functions once to each row. Voting, stacking and bagging classifiers number the
    labels: in there, functions must vote for 0 to k - 1.

    References
    ----------
    .. [1] A. Ratner et al., "Snorkel: rapid training data creation with weak
       supervision", VLDB 2017.

    Examples
    --------
    Two functions and a thousand texts, of which 40 have a gold label. These are split
    into training and test rows, and "nothing" is the model fitted on gold labels only:

    >>> import numpy as np
    >>> from sklearn.feature_extraction.text import TfidfVectorizer
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from skdataquality.model_selection import compare_remedies
    >>> from skdataquality.weak_supervision import (
    ...     UnlabeledData, WeaklySupervisedClassifier, lf_keywords
    ... )
    >>> good = "superb lovely fine great fun moving fresh witty".split()
    >>> bad = "dull awful poor boring flat silly stale weak".split()
    >>> rng, y = np.random.default_rng(0), np.array(["good", "bad"] * 500)
    >>> words = {"good": 3 * good + bad, "bad": 3 * bad + good}
    >>> X = [" ".join(rng.choice(words[label], 5)) for label in y]
    >>> weak = WeaklySupervisedClassifier(
    ...     [lf_keywords(good[:4:2], "good"), lf_keywords(bad[:4:2], "bad")],
    ...     estimator=make_pipeline(TfidfVectorizer(), LogisticRegression()),
    ...     X_unlabeled=UnlabeledData(X[40:]),
    ... )
    >>> comparison = compare_remedies(
    ...     weak.estimator, {"functions": weak}, X[:40], y[:40], random_state=0
    ... )
    >>> comparison.ranking_
    ['functions', 'nothing']

    40 rows do not show that beyond noise, so the choice would be "nothing". A search
    takes the same rows, with gold only as one candidate:

    >>> from sklearn.model_selection import GridSearchCV
    >>> from skdataquality.weak_supervision import MajorityVote
    >>> grid = {"functions": [None, weak.functions], "label_model": [MajorityVote()]}
    >>> search = GridSearchCV(weak, grid).fit(X[:40], y[:40])
    >>> search.best_params_["functions"] is None
    False
    >>> weak.fit(X[:40]).lineage_  # X_unlabeled takes part; some meet no function
    Lineage(1000 rows in, ...
    """

    _parameter_constraints: dict = {
        **ClassifierWrapper._parameter_constraints,
        "functions": "no_validation",  # by the transformer, in its own words
        "label_model": [BaseLabelModel, None],
        "soft": ["boolean", StrOptions({"auto"})],
        "uncovered": [StrOptions({"drop", "keep"})],
        "use_gold": ["boolean"],
        "classes": ["array-like", None],
        "missing_label": "no_validation",
        "X_unlabeled": "no_validation",
    }
    _of_training_rows = ("lineage_", "votes_", "label_proba_")

    def __init__(
        self,
        functions,
        *,
        label_model=None,
        estimator=None,
        soft="auto",
        uncovered="drop",
        use_gold=False,
        classes=None,
        missing_label="auto",
        X_unlabeled=None,
        keep_lineage=True,
    ):
        self.functions = functions
        self.label_model = label_model
        self.estimator = estimator
        self.soft = soft
        self.uncovered = uncovered
        self.use_gold = use_gold
        self.classes = classes
        self.missing_label = missing_label
        self.X_unlabeled = X_unlabeled
        self.keep_lineage = keep_lineage

    @fit_context(prefer_skip_nested_validation=False)
    def fit(
        self, X, y=None, *, sample_weight=None, groups=None, verified=None, **params
    ):
        """Apply the functions, combine their votes, and fit the estimator.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Handed to functions and estimator as it is, never converted. A list, Series
            or 1-D array of texts will do where they take it.
        y : array-like of shape (n_samples,), default=None
            Gold labels, missing where there is none. Used only with ``use_gold``, or
            without functions.
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times in the estimator; rows of
            weight 0 are left out. Those of ``X_unlabeled`` weigh 1.
        groups : array-like of shape (n_samples,), default=None
            Handed on to an estimator that splits its rows.
        verified : VerifiedLabels or array-like of shape (n_samples,), bool, \
                default=None
            Labels of some of exactly these rows that a person has checked, or a mask of
            the rows whose label in y is verified right: gold labels that are used,
            whatever ``use_gold``. Ignored without functions if y is complete.
        **params : dict
            Further metadata for the estimator; needs metadata routing.

        Returns
        -------
        self : object
        """
        pool = check_handle(self.X_unlabeled, UnlabeledData, self, "X_unlabeled")
        if pool is not None and self.functions is not None:
            _refuse_other_metadata(num_samples(X), groups=groups, **params)
            X, y, sample_weight, verified = with_pool(
                pool, X, y, sample_weight, verified
            )
        return self._fit(X, y, sample_weight, groups, verified, params)

    def _check_y(self, X, y):
        self._refuse_regressor()
        if y is None and self.functions is not None:
            return np.full(num_samples(X), None)
        column = as_label_column(y)
        if self.functions is not None and column.size:
            gold_rows(column, None)  # refuses what is no label
            return column
        if not missing_mask(column).any():
            column = super()._check_y(X, column)
        labels, number = gold_rows(column, self.missing_label)
        if labels.size == 0:
            raise ValueError(
                "y holds no gold label, and functions=None learns from these alone: "
                "pass labels of some rows, or functions."
            )
        self._has_all_labels = bool((number >= 0).all())
        known = labels if self.classes is None else np.sort(self.classes)
        self.classes_, _ = encode_labels(labels, classes=known)
        return column

    def _is_nothing(self, context):
        return self.functions is None and self._has_all_labels

    def _edit(self, X, y, context, progress):
        y, is_certain = _as_verified(y, context.verified)
        if self.functions is None:
            return self._gold_only(X, y)
        functions = self._unfitted_functions()
        found = weak_labels(
            functions,
            lambda fit: self._fit_with_progress(functions, progress, fit),
            X,
            y,
            LabelModel() if self.label_model is None else clone(self.label_model),
            missing_label=self.missing_label,
            fixed=self.classes is not None,
            is_used=is_certain | self.use_gold,
        )
        self.classes_ = found.classes
        lineage, codes, weight = found.copies(
            soft=self._is_soft(self._estimator_for(X)),
            keep_uncovered=self.uncovered == "keep",
        )
        _refuse_one_class(found.classes, codes, lineage)
        X = X if lineage.is_identity else take_rows(X, lineage.origin)
        return Edit(X, found.classes[codes], lineage, weight=weight, remedy=found)

    def _gold_only(self, X, y):
        labels, number = gold_rows(y, self.missing_label)
        self.classes_ = np.union1d(self.classes_, labels)
        rows = np.flatnonzero(number >= 0)
        lineage = Lineage.from_selection(
            rows, n_in=number.size, drop_reason=Reason.NO_LABEL
        )
        _refuse_one_class(labels, number[rows], lineage)
        return Edit(take_rows(X, rows), labels[number[rows]], lineage)

    def _unfitted_functions(self):
        if not hasattr(self.functions, "fit_transform"):
            return LabelingFunctionTransformer(self.functions, classes=self.classes)
        functions = clone(self.functions)
        if self.classes is not None:
            functions.set_params(classes=self.classes)
        return functions

    def _is_soft(self, estimator):
        if self.soft != "auto":
            return self.soft
        return _takes_weight(estimator) and not _splits_rows(estimator)

    def _store(self, edit, context):
        found = edit.remedy
        self.functions_ = None if found is None else found.functions
        self.label_model_ = None if found is None else found.label_model
        self.votes_ = None if found is None else found.votes
        self.label_proba_ = None if found is None else found.proba
        covered = ~edit.lineage.dropped if found is None else found.covered
        self.coverage_ = float(covered.mean())

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = self.functions is None
        return tags


def _as_verified(y, verified):
    """Return labels as a person has verified them, and the mask of these rows."""
    is_certain = np.zeros(y.size, dtype=bool)
    if verified is not None:
        y = y.astype(object)  # a copy
        y[verified.rows] = verified.labels  # None where the label is wrong: any other
        is_certain[verified.rows] = True
    return y, is_certain


def _refuse_other_metadata(n_rows, **params):
    for name, value in params.items():
        if hasattr(value, "__len__") and len(value) == n_rows:
            raise ValueError(
                f"{name} has a value for each row of X and none for those of "
                f"X_unlabeled: leave one of the two out."
            )


def _refuse_one_class(classes, codes, lineage):
    present = np.unique(codes)
    if present.size < 2:
        only = [printable(classes[code]) for code in present.tolist()]
        raise ValueError(
            f"the {lineage.n_out} training rows have labels of {present.size} class "
            f"{only}, and at least 2 are needed: add gold labels of another (with "
            f"use_gold=True), functions that vote for it, or change label_model."
        )


def _takes_weight(estimator):
    try:
        weight_name(clone(estimator))
    except ValueError:
        return False
    return True


def _splits_rows(estimator):
    """Whether an estimator, or one inside it, tests on some of the rows it gets."""
    if not hasattr(estimator, "get_params"):
        return False
    params = estimator.get_params()
    return any(
        name.rsplit("__", 1)[-1] == "cv"
        or (name.rsplit("__", 1)[-1] == "early_stopping" and bool(value))
        for name, value in params.items()
    )
