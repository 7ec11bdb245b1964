"""Several remedies, one after the other: :class:`RemedyChain`."""

from dataclasses import replace
from itertools import count
from reprlib import repr as shortened

import numpy as np
import scipy.sparse as sp
from sklearn.base import OneToOneFeatureMixin
from sklearn.utils import get_tags
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import indexable

from skdataquality.base import BaseRowSampler, relabel
from skdataquality.compose._edit import (
    Edit,
    RowContext,
    carry_weight,
    edit_rows,
    is_remedy,
    multiply,
)
from skdataquality.lineage import Lineage
from skdataquality.utils._frames import is_pandas
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import (
    BaseComposition,
    VisualBlock,
    fit_context,
    num_samples,
)
from skdataquality.utils._sources import check_group_columns
from skdataquality.utils._validation import (
    check_same_length,
    check_table,
    check_weights,
    encode_labels,
    is_one_hot,
)
from skdataquality.verified import as_verified


def _is_sampler(remedy):
    return remedy is None or hasattr(remedy, "fit_resample")


def _only_samplers(chain):
    if all(_is_sampler(remedy) for _, remedy in chain.steps):
        return True
    raise AttributeError(
        "this RemedyChain holds a weighter, whose weights fit_resample cannot return: "
        "use it as RemediedClassifier(estimator, chain)."
    )


def _selects_all(chain):
    """Whether every row that the chain leaves is one of its input."""
    parts = [get_tags(r) for _, r in chain.steps if r is not None]
    tags = [getattr(part, "sampler_tags", None) for part in parts]
    return all(each is not None and each.sample_indices for each in tags)


class RemedyChain(PersistenceMixin, OneToOneFeatureMixin, BaseComposition):
    """Apply remedies in order; each sees the rows and weights left by the one before.

    Parameters
    ----------
    remedies : list
        Row samplers, weighters, chains; None is skipped. Each alone, or as a pair of a
        name and a remedy. One without a name is called as its class in lower case, None
        "nothing", and numbered if that is not the only one. By its name a parameter is
        set, ``set_params(deduplicator__near=True)``, and a remedy replaced,
        ``set_params(deduplicator=None)``.

    Attributes
    ----------
    steps : list of (str, remedy)
        The remedies with their names.
    remedies_ : list
        The fitted remedies.
    lineage_ : Lineage
        The composed edit.
    sample_indices_ : ndarray of shape (n_out,), int
        Input row that each row left is, if every remedy selects rows.
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

    @property
    def steps(self):
        """The remedies with their names."""
        return _named(self.remedies)

    @steps.setter
    def steps(self, steps):
        self.remedies = steps

    @property
    def sample_indices_(self):
        """Input row that each row left is."""
        if not _selects_all(self):
            raise AttributeError("a remedy of this chain does more than to select rows")
        return self.lineage_.origin

    @property
    def _groups_are_attributes(self):
        """Whether a remedy balances groups, so that they are none to keep together."""
        return any(
            getattr(remedy, "_groups_are_attributes", False) for _, remedy in self.steps
        )

    def get_params(self, deep=True):
        """Get the parameters of the chain and, if deep, those of its remedies.

        Parameters
        ----------
        deep : bool, default=True

        Returns
        -------
        params : dict
        """
        return self._get_params("steps", deep=deep)

    def set_params(self, **params):
        """Set the remedies, or one of them, or parameters of them, by name.

        Parameters
        ----------
        **params : dict

        Returns
        -------
        self : object
        """
        if "remedies" in params:  # before what is set in them
            self.remedies = params.pop("remedies")
        return self._set_params("steps", **params)

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, *, sample_weight=None, groups=None, verified=None):
        """Apply the remedies and keep the lineage and the weights.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
        groups : array-like of shape (n_samples,), default=None
        verified : VerifiedLabels or array-like of shape (n_samples,), bool, \
                default=None
            Labels of some of exactly these rows that a person has checked, or a mask
            of the rows whose label is verified right, for remedies that judge labels.

        Returns
        -------
        self : object
        """
        self._fit(X, y, sample_weight, groups, verified)
        return self

    @available_if(_only_samplers)
    @fit_context(prefer_skip_nested_validation=False)
    def fit_resample(self, X, y, *, sample_weight=None, groups=None, verified=None):
        """Apply the remedies and return the edited rows.

        Only a chain without weighters has this method.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
        groups : array-like of shape (n_samples,), default=None
        verified : VerifiedLabels or array-like of shape (n_samples,), bool, \
                default=None
            Labels of some of exactly these rows that a person has checked, or a mask
            of the rows whose label is verified right, for remedies that judge labels.

        Returns
        -------
        X_resampled, y_resampled : the edited rows and labels
        """
        one_hot, labels = y, y
        if is_one_hot(y):
            labels = np.asarray(y).argmax(axis=1)
        edit = self._fit(X, labels, sample_weight, groups, verified)
        self.sampling_strategy_ = {}  # imbalanced-learn looks for it
        classes, codes = encode_labels(labels)
        new_codes = np.searchsorted(classes, edit.y)
        labels = relabel(indexable(one_hot)[0], edit.lineage, codes, new_codes)
        made_some = (edit.lineage.origin < 0).any()
        if made_some and hasattr(labels, "iloc") and is_pandas(edit.X):
            labels = labels.set_axis(edit.X.index, axis=0)
        return edit.X, labels

    def _fit(self, X, y, sample_weight, groups, verified):
        check_table(self, X, y)
        classes, codes = encode_labels(y)
        check_same_length(X=X, y=y, sample_weight=sample_weight)
        if groups is not None:  # whether columns will do, each remedy knows
            check_group_columns(groups, num_samples(X))
        weights = check_weights(sample_weight, num_samples(X))
        X = X if sp.issparse(X) else indexable(X)[0]  # which would make it csr
        (groups,) = indexable(groups)
        y = classes[codes]
        context = RowContext(
            weights, groups, classes, verified=as_verified(verified, y)
        )
        edit = self.edit_rows(X, y, context)
        self.remedies_, self._lineages = edit.remedy.remedies_, edit.remedy._lineages
        self.lineage_, self.sample_weight_ = edit.lineage, edit.weight
        return edit

    def edit_rows(self, X, y, context):
        """Apply clones of the remedies to checked rows; for wrappers.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : ndarray of shape (n_samples,)
        context : RowContext
            Weights, groups, verified labels and classes that travel with the rows.

        Returns
        -------
        edit : Edit
            Its ``remedy`` is a fitted copy of this chain.
        """
        _check_names([name for name, _ in self.steps])
        fitted, lineages = [], []
        whole = Edit(X, y, Lineage.identity(num_samples(X)))
        for _, remedy in self.steps:
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
                within_class_kept=whole.within_class_kept
                and (step.prior_ratio is None or step.within_class_kept),
            )
            fitted.append(step.remedy)
            lineages.append(step.lineage)
        chain = RemedyChain(self.remedies)
        chain.remedies_, chain.lineage_ = fitted, whole.lineage
        chain.sample_weight_, chain._lineages = whole.weight, lineages
        return replace(whole, remedy=chain)

    def _sk_visual_block_(self):
        remedies = [remedy for _, remedy in self.steps]
        return VisualBlock(
            "serial",
            remedies,
            names=[_shown(*step) for step in self.steps],
            name_details=[str(remedy) for remedy in remedies],
            dash_wrapped=False,
        )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        if all(_is_sampler(remedy) for _, remedy in self.steps):
            tags = BaseRowSampler().__sklearn_tags__()
            tags.sampler_tags.sample_indices = _selects_all(self)
        tags.target_tags.required = True
        parts = [get_tags(r).input_tags for _, r in self.steps if hasattr(r, "fit")]
        for kind in ("sparse", "allow_nan", "string"):
            setattr(tags.input_tags, kind, all(getattr(p, kind) for p in parts))
        return tags


def _named(remedies):
    """Pair each remedy with its name, given or made of its class."""
    if not isinstance(remedies, list | tuple):
        return []
    pairs = [item if _is_pair(item) else (None, item) for item in remedies]
    of_classes = [_class_name(remedy) for given, remedy in pairs if given is None]
    numbers = {name: count(1) for name in of_classes if of_classes.count(name) > 1}
    steps = []
    for name, remedy in pairs:
        if name is None:
            name = _class_name(remedy)
            name += f"-{next(numbers[name])}" if name in numbers else ""
        steps.append((name, remedy))
    return steps


def _is_pair(item):
    return isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)


def _class_name(remedy):
    return "nothing" if remedy is None else type(remedy).__name__.lower()


def _check_names(names):
    wrong = [n for n in names if names.count(n) > 1 or "__" in n or n == "remedies"]
    if wrong:
        raise ValueError(
            f"remedies holds the name {wrong[0]!r}, which is given twice, is that of "
            f"the parameter or holds two underscores: give each remedy another name."
        )


def _shown(name, remedy):
    return f"{name}: {'nothing' if remedy is None else type(remedy).__name__}"
