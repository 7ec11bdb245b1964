"""Several remedies, one after the other: :class:`RemedyChain`."""

from reprlib import repr as shortened

import scipy.sparse as sp
from sklearn.base import BaseEstimator
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import indexable

from skdataquality.compose._edit import (
    Edit,
    RowContext,
    carry_weight,
    edit_rows,
    is_remedy,
    multiply,
)
from skdataquality.lineage import Lineage
from skdataquality.utils._sklearn import fit_context, num_samples
from skdataquality.utils._validation import (
    check_same_length,
    check_table,
    check_weights,
    encode_labels,
)


def _only_samplers(chain):
    if all(r is None or hasattr(r, "fit_resample") for r in chain.remedies):
        return True
    raise AttributeError(
        "this RemedyChain holds a weighter, whose weights fit_resample cannot return: "
        "use it as RemediedClassifier(estimator, chain)."
    )


class RemedyChain(BaseEstimator):
    """Apply remedies in order; each sees the rows and weights left by the one before.

    Parameters
    ----------
    remedies : list of remedies
        Row samplers, weighters, chains; None is skipped.

    Attributes
    ----------
    remedies_ : list
        The fitted remedies.
    lineage_ : Lineage
        The composed edit.
    sample_weight_ : ndarray of shape (n_out,) or None
        Product of the weighters' weights on the rows that are left; None without one.

    See Also
    --------
    RemediedClassifier : Fits an estimator on what a remedy leaves.

    Notes
    -----
    The order matters: duplicates before anything that counts rows, label errors before
    resampling. Used with :class:`RemediedClassifier`, class shares moved on purpose are
    undone in ``predict_proba``, those moved by removing wrong rows are not.

    Examples
    --------
    >>> import numpy as np
    >>> from imblearn.under_sampling import RandomUnderSampler
    >>> from skdataquality.compose import RemedyChain
    >>> from skdataquality.duplicates import Deduplicator
    >>> X = np.array([[0.0], [0.0], [1.0], [2.0], [3.0]])
    >>> y = np.array([0, 0, 0, 0, 1])
    >>> chain = RemedyChain([Deduplicator(), RandomUnderSampler(random_state=0)])
    >>> X_left, y_left = chain.fit_resample(X, y)
    >>> y_left
    array([0, 1])
    >>> chain.lineage_
    Lineage(5 rows in, 2 out: 2 kept, 3 dropped)
    """

    _parameter_constraints: dict = {"remedies": [list, tuple]}

    def __init__(self, remedies):
        self.remedies = remedies

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, *, sample_weight=None, groups=None):
        """Apply the remedies and keep the lineage and the weights.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
        groups : array-like of shape (n_samples,), default=None

        Returns
        -------
        self : object
        """
        self._fit(X, y, sample_weight, groups)
        return self

    @available_if(_only_samplers)
    @fit_context(prefer_skip_nested_validation=False)
    def fit_resample(self, X, y, *, sample_weight=None, groups=None):
        """Apply the remedies and return the edited rows.

        Only a chain without weighters has this method.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
        groups : array-like of shape (n_samples,), default=None

        Returns
        -------
        X_resampled, y_resampled : the edited rows and labels
        """
        edit = self._fit(X, y, sample_weight, groups)
        return edit.X, edit.y

    def _fit(self, X, y, sample_weight, groups):
        check_table(self, X, y)
        classes, codes = encode_labels(y)
        check_same_length(X=X, y=y, sample_weight=sample_weight, groups=groups)
        weights = check_weights(sample_weight, num_samples(X))
        X = X if sp.issparse(X) else indexable(X)[0]  # which would make it csr
        (groups,) = indexable(groups)
        edit = self.edit_rows(X, classes[codes], RowContext(weights, groups, classes))
        self.remedies_ = edit.remedy.remedies_
        self.lineage_, self.sample_weight_ = edit.lineage, edit.weight
        return edit

    def edit_rows(self, X, y, context):
        """Apply clones of the remedies to checked rows; for wrappers.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : ndarray of shape (n_samples,)
        context : RowContext
            Weights, groups and classes that travel with the rows.

        Returns
        -------
        edit : Edit
            Its ``remedy`` is a fitted copy of this chain.
        """
        fitted = []
        whole = Edit(X, y, Lineage.identity(num_samples(X)))
        for remedy in self.remedies:
            if remedy is not None and not is_remedy(remedy):
                raise ValueError(
                    f"remedies holds {shortened(remedy)}, which is neither None "
                    f"nor a row sampler, a weighter or a RemedyChain."
                )
            step = edit_rows(remedy, whole.X, whole.y, context)
            name = remedy.__class__.__name__
            carried = carry_weight(step.lineage, whole.weight, name)
            context = context.through(step.lineage, name, step.weight)
            whole = Edit(
                step.X,
                step.y,
                whole.lineage.then(step.lineage),
                weight=multiply(carried, step.weight),
                prior_ratio=multiply(whole.prior_ratio, step.prior_ratio),
            )
            fitted.append(step.remedy)
        chain = RemedyChain(self.remedies)
        chain.remedies_, chain.lineage_ = fitted, whole.lineage
        chain.sample_weight_ = whole.weight
        return Edit(
            whole.X, whole.y, whole.lineage, whole.weight, whole.prior_ratio, chain
        )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        return tags
