"""The base of all wrappers: estimators that edit their training rows, then fit."""

from dataclasses import replace
from functools import partial

import numpy as np
import scipy.sparse as sp
from sklearn.base import (
    BaseEstimator,
    MetaEstimatorMixin,
    clone,
)
from sklearn.utils import get_tags
from sklearn.utils.metadata_routing import (
    MetadataRouter,
    MethodMapping,
    process_routing,
)
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, indexable

from skdataquality.compose._edit import (
    Edit,
    RowContext,
    carry,
    carry_verified,
    carry_weight,
    is_row_aligned,
    multiply,
)
from skdataquality.compose._weights import fit_parameters
from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._first_guesses import refuse_parameters_of_none
from skdataquality.utils._fits import default_fit
from skdataquality.utils._folds import fit_labels
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import (
    CallbackSupportMixin,
    HasMethods,
    fit_context,
    num_samples,
    raise_for_params,
    routing_enabled,
    take_rows,
)
from skdataquality.utils._validation import (
    check_feature_frame,
    check_same_length,
    check_weights,
    remember_columns,
)
from skdataquality.verified import as_verified


def estimator_has(name):
    def check(self):
        fitted = getattr(self, "estimator_", None)
        getattr(self._get_estimator() if fitted is None else fitted, name)
        return True

    return check


class BaseWrapper(
    PersistenceMixin, CallbackSupportMixin, MetaEstimatorMixin, BaseEstimator
):
    """Base of meta-estimators that fit a clone of an estimator on edited training rows.

    Derive from :class:`ClassifierWrapper` or :class:`RegressorWrapper`, or from this
    class what both share. Zero weights, weights and groups that follow their rows,
    metadata routing, callbacks, delegation and the alignment of classes happen here.

    A subclass has a parameter ``estimator``, where None is a default, and may have a
    parameter ``keep_lineage``, which is True if it has none. It defines

    ``_edit(X, y, context, progress)``
        The edit of training rows that all have a positive weight: an :class:`Edit`, or
        a :class:`~skdataquality.lineage.Lineage` that only selects rows, which are
        then taken from whatever container X is. ``context`` holds ``sample_weight``,
        ``groups``, ``classes``, ``verified`` (each None if there is none) and
        ``X_target``;
        ``progress`` is a task for scikit-learn's callbacks, to be left alone if the
        edit has no steps to report.
    ``_is_nothing(context)``
        Whether there is no edit at all; then the fit is that of the estimator to the
        bit, rows of weight 0 included.
    ``_store(edit, context)``
        Optional: keeps fitted attributes of its own. Those that hold a value for each
        training row, such as a fitted remedy, are named in the class attribute
        ``_of_training_rows`` and go with the lineage if ``keep_lineage`` is False.
    ``_after_fit(X, y, edit, context, params)``
        Optional, and called if there was an edit: learns more from all rows, when
        ``estimator_`` is there. ``params`` are what its ``fit`` got.

    Attributes
    ----------
    estimator_ : estimator
        Fitted on the edited rows.
    lineage_ : Lineage
        What the edit did to each row; absent with ``keep_lineage=False``.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    RemediedClassifier : Binds a row sampler or a weighter, without a new class.
    skdataquality.estimator_checks.check_wrapper : Tests a wrapper, ours or yours.

    Examples
    --------
    A wrapper that learns from the last rows only, the newest ones:

    >>> import numpy as np
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.compose import ClassifierWrapper
    >>> from skdataquality.lineage import Lineage
    >>> class LastRowsClassifier(ClassifierWrapper):
    ...     def __init__(self, estimator=None, *, n_rows=None):
    ...         self.estimator = estimator
    ...         self.n_rows = n_rows
    ...
    ...     def _is_nothing(self, context):
    ...         return self.n_rows is None
    ...
    ...     def _edit(self, X, y, context, progress):
    ...         kept = np.arange(len(y))[-self.n_rows :]
    ...         return Lineage.from_selection(kept, n_in=len(y))
    >>> X, y = load_iris(return_X_y=True)
    >>> clf = LastRowsClassifier(LogisticRegression(max_iter=1000), n_rows=80)
    >>> clf.fit(X, y).lineage_
    Lineage(150 rows in, 80 out: 80 kept, 70 dropped)
    >>> clf.classes_, clf.predict_proba(X)[0, 0]  # class 0 is not among them
    (array([0, 1, 2]), np.float64(0.0))
    """

    _parameter_constraints: dict = {
        "estimator": [HasMethods(["fit", "predict"]), None],
        "keep_lineage": ["boolean"],
    }
    _of_training_rows: tuple[str, ...] = ("lineage_",)

    def set_params(self, **params):
        """Set parameters, also those of nested objects, as ``estimator__C``.

        Parameters
        ----------
        **params : dict

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If the nested object is None.
        """
        refuse_parameters_of_none(self, params)
        return super().set_params(**params)

    def _get_estimator(self):
        raise AttributeError("a subclass says which estimator None stands for")

    def _estimator_for(self, X):
        """Return the estimator to clone, or the default one for these rows."""
        raise AttributeError("a classifier or a regressor has its default model")

    def _is_nothing(self, context):
        """Whether there is no edit at all, not even of rows of weight 0."""
        raise AttributeError("a subclass says when it does nothing")

    def _edit(self, X, y, context, progress):
        """Return the edit of rows that all have a positive weight."""
        raise AttributeError("a subclass says what it edits")

    def _check_y(self, X, y):
        """Return y as an array and, for a classifier, set ``classes_``."""
        raise AttributeError("a classifier or a regressor says what y is")

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, *, sample_weight=None, groups=None, verified=None, **params):
        """Edit the training rows, then fit the estimator on them.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Handed to the estimator as it is, never converted. A list, Series or 1-D
            array of texts will do where the estimator takes it.
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
            A weight k means that the row counts k times; rows of weight 0 are left
            out, unless the remedy is "nothing".
        groups : array-like of shape (n_samples,), default=None
            Groups that cross-validation inside the remedy keeps together, or that a
            weighter balances, which takes several columns, too.
        verified : VerifiedLabels or array-like of shape (n_samples,), bool, \
                default=None
            Labels of some of exactly these rows that a person has checked, or a mask
            of the rows whose label is verified right, for remedies that judge labels.
        **params : dict
            Further metadata for the estimator; needs metadata routing.

        Returns
        -------
        self : object
        """
        return self._fit(X, y, sample_weight, groups, verified, params)

    def _fit(self, X, y, sample_weight, groups, verified, params, X_target=None):
        raise_for_params(params, self, "fit")
        check_feature_frame(X, y)
        y = self._check_y(X, y)
        remember_columns(self, X)
        check_same_length(X=X, y=y, sample_weight=sample_weight)
        self._check_groups(X, groups)
        weights = check_weights(sample_weight, num_samples(X))
        groups = indexable(groups)[0]
        if not sp.issparse(X):  # sparse formats reach the estimator as they came
            X = indexable(X)[0]
        routed = self._route(weights, groups, verified, params)
        classes = getattr(self, "classes_", None)
        verified = as_verified(verified, y)
        context = RowContext(weights, groups, classes, X_target, verified, params)

        nothing = self._is_nothing(context)
        progress = self._init_callback_context(max_subtasks=1 if nothing else 2)
        progress.call_on_fit_task_begin(estimator=self, X=X, y=y)
        if nothing:
            edit = Edit(X, y, Lineage.identity(num_samples(X)))
        else:
            edit = self._edit_positive_rows(X, y, context, progress)
        self.lineage_, self._edit_weight = edit.lineage, edit.weight
        self._store(edit, context)
        estimator = clone(self._estimator_for(X))
        params = self._fit_parameters(estimator, edit, context, routed)
        self.estimator_ = self._fit_estimator(estimator, edit, params, progress)
        if not nothing:
            self._after_fit(X, y, edit, context, params)
        if not getattr(self, "keep_lineage", True):
            for name in ("_edit_weight", *self._of_training_rows):
                delattr(self, name)
        progress.call_on_fit_task_end(estimator=self, X=X, y=y)
        return self

    def _check_groups(self, X, groups):
        """Refuse groups that cannot be handed on."""
        check_same_length(X=X, groups=groups)

    def _store(self, edit, context):
        """Keep what else a subclass wants of the edit."""

    def _after_fit(self, X, y, edit, context, params):
        """Learn what else a subclass wants of the rows before the edit."""

    def _edit_positive_rows(self, X, y, context, progress):
        if get_tags(self._get_estimator()).input_tags.pairwise:
            raise ValueError(
                f"estimator={self._get_estimator()!r} takes a precomputed pairwise "
                f"matrix, whose columns cannot follow an edit of its rows: use the "
                f"features themselves."
            )
        weight, first = context.sample_weight, None
        if weight is not None and not weight.all():
            rows = np.flatnonzero(weight)
            first = Lineage.from_selection(
                rows, n_in=num_samples(X), drop_reason=Reason.ZERO_WEIGHT
            )
            context = context.through(first, self.__class__.__name__)
            X, y = take_rows(X, rows), y[rows]
        edit = self._edit(X, y, context, progress.subcontext(task_name="edit"))
        if isinstance(edit, Lineage):
            _check_rows_kept(edit, self)
            edit = Edit(take_rows(X, edit.origin), y[edit.origin], edit)
        return (
            edit if first is None else replace(edit, lineage=first.then(edit.lineage))
        )

    def _route(self, sample_weight, groups, verified, params):
        """Metadata that routing sends to the estimator; None when routing is off."""
        if not routing_enabled():
            return None
        given = {"sample_weight": sample_weight, "groups": groups, **params}
        given["verified"] = verified
        given = {name: value for name, value in given.items() if value is not None}
        return dict(process_routing(self, "fit", **given)["estimator"]["fit"])

    def _fit_parameters(self, estimator, edit, context, routed):
        if routed is None:
            return self._unrouted_parameters(estimator, edit, context)
        return self._routed_parameters(estimator, edit, context, routed)

    def _fit_estimator(self, estimator, edit, params, progress):
        with default_fit(self.estimator is None):
            return self._fit_with_progress(
                estimator,
                progress.subcontext(task_name="fit estimator"),
                partial(fit_labels, estimator, edit.X, edit.y, params),
            )

    def _fit_with_progress(self, estimator, step, fit):
        """Return ``fit()``, with this wrapper's callbacks shown to ``estimator``."""
        if not hasattr(estimator, "set_callbacks"):
            step.call_on_fit_task_begin(estimator=self)
            fitted = fit()
        else:
            with step.propagate_callback_context(estimator):
                step.call_on_fit_task_begin(estimator=self)
                fitted = fit()
        step.call_on_fit_task_end(estimator=self)
        return fitted

    def _unrouted_parameters(self, estimator, edit, context):
        name = self._editor_name(edit)
        carried = carry_weight(edit.lineage, context.sample_weight, name)
        return fit_parameters(
            estimator,
            sample_weight=multiply(carried, edit.weight),
            groups=carry(edit.lineage, context.groups, name, "groups"),
            verified=self._verified_to_hand_on(edit, context, name),
        )

    def _verified_to_hand_on(self, edit, context, name):
        """Return a mask, which a search can slice, unless a label is verified wrong."""
        verified = carry_verified(edit.lineage, context.verified, name)
        if verified is None or verified.is_wrong(edit.y).any():
            return verified
        mask = np.zeros(edit.lineage.n_out, dtype=bool)
        mask[verified.rows] = True
        return mask

    def _routed_parameters(self, estimator, edit, context, routed):
        name = self._editor_name(edit)
        weight = routed.pop("sample_weight", None)
        is_verified_wanted = routed.pop("verified", None) is not None
        params = {
            key: carry(edit.lineage, value, name, key)
            if is_row_aligned(value, edit.lineage.n_in)
            else value
            for key, value in routed.items()
        }
        if is_verified_wanted:
            params["verified"] = self._verified_to_hand_on(edit, context, name)
        weight = multiply(carry_weight(edit.lineage, weight, name), edit.weight)
        if edit.weight is not None:
            params |= fit_parameters(estimator, sample_weight=weight)
        elif weight is not None:
            params["sample_weight"] = weight
        return params

    def _editor_name(self, edit):
        editor = self if edit.remedy is None else edit.remedy
        return editor.__class__.__name__

    @available_if(estimator_has("predict"))
    def predict(self, X):
        """Predict with the estimator fitted on the edited rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)

        Returns
        -------
        y_pred : ndarray of shape (n_samples,)
        """
        check_is_fitted(self)
        return self.estimator_.predict(X)

    def get_metadata_routing(self):
        """Say which metadata the wrapper takes and passes on.

        Returns
        -------
        routing : MetadataRouter
        """
        return (
            MetadataRouter(owner=self)
            .add_self_request(self)
            .add(
                estimator=self._get_estimator(),
                method_mapping=MethodMapping().add(caller="fit", callee="fit"),
            )
        )

    def __sklearn_tags__(self):
        tags, inner = super().__sklearn_tags__(), get_tags(self._get_estimator())
        tags.input_tags = inner.input_tags
        if self.estimator is None:
            tags.input_tags.sparse = tags.input_tags.string = True
        tags.target_tags.multi_output = (
            inner.target_tags.multi_output and tags.classifier_tags is None
        )
        tags.target_tags.required = True
        return tags


def _check_rows_kept(lineage, owner):
    if (lineage.origin < 0).any():
        raise ValueError(
            f"{type(owner).__name__}._edit returned a Lineage with "
            f"{int((lineage.origin < 0).sum())} row(s) that are none of the input: "
            f"return an Edit, which holds the rows it made."
        )
