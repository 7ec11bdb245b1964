"""New rows of rare classes between old ones: :class:`SMOTE`."""

import warnings
from collections.abc import Mapping
from numbers import Integral, Real

import numpy as np
import scipy.sparse as sp
from sklearn.utils.validation import indexable

from skdataquality.base import BaseRowSampler
from skdataquality.exceptions import CopiedRowsWarning, FewNeighborsWarning
from skdataquality.imbalance._samplers._columns import column_ways
from skdataquality.imbalance._samplers._lines import Lines, lineage_of_lines
from skdataquality.imbalance._samplers._made_rows import with_drawn_rows
from skdataquality.imbalance._samplers._neighbors import neighbors_within
from skdataquality.imbalance._samplers._rows_to_make import (
    NAMES,
    rows_to_make,
    said,
)
from skdataquality.lineage import Lineage
from skdataquality.utils._draws import own_rng
from skdataquality.utils._frames import continued_index
from skdataquality.utils._sklearn import (
    Interval,
    StrOptions,
    fit_context,
    num_samples,
    take_rows,
)
from skdataquality.utils._validation import (
    check_same_length,
    check_weights,
    refuse_documents,
)

_MANY = 0.1  # of the rows of a class, or of the new ones: so many repeats are said


class SMOTE(BaseRowSampler):
    """Sampler that adds rows of rare classes, on lines between old ones.

    A new row lies on the line from a row to one of its ``k_neighbors`` nearest rows of
    the same class, anywhere between them [1]_. All old rows stay, first and in their
    order; new ones follow, class by class.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default="auto"
        How many rows of which class there are to be, as in imbalanced-learn.

        - "auto" and "not majority": as many of every class as of the largest;
          "minority": of the smallest class only; "all" and "not minority" as there.
        - A float above 0 and at most 1: every class has at least that ratio of the
          largest; for two classes and, unlike there, for more.
        - A dict: by label, a whole number of rows, or a float as a ratio to the
          largest class. Ratios suit folds of any size, numbers do not.
        - A callable: takes y, returns such a dict.
    k_neighbors : int, default=5
        Neighbours of each row to which lines lead. Copies of a row are none of its
        neighbours, and rows that are equal are one neighbour. A class of fewer rows has
        fewer neighbours, with a warning.
    random_state : int, RandomState instance or None, default=None
        Draws one seed for each class.

    Attributes
    ----------
    sampling_strategy_ : dict
        Rows made of each class, by label.
    sample_indices_ : ndarray of shape (n_out,), int
        Row that each row was; -1 for a new one.
    lineage_ : Lineage
        ``lineage_.parents`` names both parents of each new row and their weights,
        ``1 - u`` and ``u``. Made when it is first asked for.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    Warns
    -----
    FewNeighborsWarning
        If a class has fewer distinct rows beside each than ``k_neighbors``.
    CopiedRowsWarning
        If a tenth of the rows of a class, or more, repeat others exactly or nearly:
        new rows between copies are copies.

    See Also
    --------
    ClassBalanceWeighter : Weights instead of rows, which cost nothing.
    skdataquality.compose.RemediedClassifier : Makes rows inside each training fold
        only, mixes weights of parents, and restores probabilities.
    skdataquality.duplicates.Deduplicator : Use it before, if rows are repeated.

    Notes
    -----
    Cells of new rows, by column:

    - Numbers lie on the line, in the type of the column. Integers are rounded to the
      nearest one, never cut off: means stay, since a point lies as often in the upper
      half of the line as in the lower.
    - Texts, categories, booleans and all else: the most frequent value among the
      neighbours [1]_, of equally frequent ones that of the row where the line starts,
      else that of the first row. A missing one is a value like any other.
    - Dates, times and decimals: that of the nearer parent, so that only moments appear
      that were there.

    Distances are Euclidean, so scale numbers of different units before. Rows that
    differ in a category are as far apart in it as the median standard deviation of the
    numbers in that class; dates are scaled to that.

    In pandas the index 0, 1, 2, ... goes on; any other stays as it is, and new rows are
    called -1, -2, ... in an index of integers, and are without a label in others.

    ``sample_weight`` does not change what is made. ``lineage_.parents @ sample_weight``
    are the weights of all rows afterwards.

    Wrong as a cure for few rows: it adds no information, and a plain fit with its
    threshold tuned is as good for most models and gives the better probabilities.
    Compare both (``compare_remedies``). Wrong where classes overlap or lie in pieces,
    as lines then cross other classes; in many dimensions, where all rows are about
    equally near and new ones vary less than real ones; and for one-hot columns of
    numbers, which become fractions: encode categories after it, not before.
    Probabilities of a model fitted on the new rows are too high for the rare class:
    :class:`~skdataquality.compose.RemediedClassifier` restores them.

    References
    ----------
    .. [1] N. V. Chawla et al., "SMOTE: synthetic minority over-sampling technique",
       JAIR 16, 2002; categories: section 6.1.

    Examples
    --------
    >>> import pandas as pd
    >>> from skdataquality.imbalance import SMOTE
    >>> X = pd.DataFrame({"visits": [2, 9, 4, 5, 3], "plan": list("bbaaa")})
    >>> y = pd.Series(["left", "left", "stays", "stays", "stays"])
    >>> sampler = SMOTE(k_neighbors=1, random_state=0)
    >>> X_new, y_new = sampler.fit_resample(X, y)
    >>> X_new.tail(2)
       visits plan
    4       3    a
    5       4    b
    >>> y_new.tolist()
    ['left', 'left', 'stays', 'stays', 'stays', 'left']
    >>> sampler.sample_indices_
    array([ 0,  1,  2,  3,  4, -1])
    >>> sampler.lineage_.parents[[5]].toarray().round(2)
    array([[0.65, 0.35, 0.  , 0.  , 0.  ]])

    Probabilities are for the shares of the classes after it, unless the wrapper
    restores them:

    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.compose import RemediedClassifier
    >>> rng = np.random.default_rng(0)
    >>> y = np.arange(2000) % 20 == 0
    >>> X = rng.normal(size=(2000, 2)) + y[:, None]
    >>> for prior in ("resampled", "original"):
    ...     clf = RemediedClassifier(
    ...         LogisticRegression(), SMOTE(random_state=0), prior=prior
    ...     )
    ...     proba = clf.fit(X, y).predict_proba(X)
    ...     print(prior, bool(proba[:, 1].mean() > 3 * y.mean()))
    resampled True
    original False
    """

    _sampling_type = "over-sampling"
    _alters_class_prior = True
    _parameter_constraints: dict = {
        "sampling_strategy": [
            Interval(Real, 0, 1, closed="right"),
            StrOptions(NAMES),
            Mapping,
            callable,
        ],
        "k_neighbors": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }
    sampling_strategy: object = "auto"  # a parameter here
    _lines: list[Lines] | None = None
    _n_in: int = 0
    _lineage: Lineage | None = None

    def __init__(self, *, sampling_strategy="auto", k_neighbors=5, random_state=None):
        self.sampling_strategy = sampling_strategy
        self.k_neighbors = k_neighbors
        self.random_state = random_state

    @property
    def lineage_(self):
        """What became of each row, and the parents of new ones."""
        if self._lines is not None:
            lines, n_in = self._lines, self._n_in
            made = lineage_of_lines(n_in, lines) if lines else Lineage.identity(n_in)
            self._lineage, self._lines = made, None
        if self._lineage is None:
            raise AttributeError(
                f"this {type(self).__name__} has no lineage_ yet: call fit_resample."
            )
        return self._lineage

    def _pack(self, state):
        if state.get("_lines") is not None:
            state["_lines"], state["_lineage"] = None, self.lineage_

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, **params):
        """Check the input; use ``fit_resample`` for everything else.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        **params : dict
            Ignored.

        Returns
        -------
        self : object
        """
        table, _, codes, classes = self._check(X, y)
        column_ways(table)
        self.sampling_strategy_ = rows_to_make(self.sampling_strategy, codes, classes)
        return self

    @fit_context(prefer_skip_nested_validation=False)
    def fit_resample(self, X, y, *, sample_weight=None, groups=None):
        """Add rows.

        Parameters
        ----------
        X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
            Numbers must be finite.
        y : array-like of shape (n_samples,)
        sample_weight : array-like of shape (n_samples,), default=None
            Checked, and otherwise ignored: rows are counted.
        groups : array-like of shape (n_samples,), default=None
            Ignored.

        Returns
        -------
        X_resampled, y_resampled : same containers as X and y

        Raises
        ------
        ValueError
            If a number is missing or infinite, a class of a single row is to grow, or
            a class is to have fewer rows than it has.
        """
        table, ways, lines = self._plan(X, y, sample_weight, groups)
        X = X if sp.issparse(X) else indexable(X)[0]
        y = self._labels(indexable(y)[0], lines)
        self._lines, self._n_in, self._lineage = lines, table.shape[0], None
        if not lines:
            return take_rows(X, np.arange(table.shape[0])), y
        return with_drawn_rows(X, table, ways, lines), y

    def _plan(self, X, y, sample_weight, groups):
        """Return checked X, how cells are made, and the lines; drop all else."""
        table, _, codes, classes = self._check(X, y)
        check_same_length(X=X, sample_weight=sample_weight, groups=groups)
        check_weights(sample_weight, codes.shape[0])
        ways = column_ways(table)
        made = rows_to_make(self.sampling_strategy, codes, classes)
        seeds = own_rng(self.random_state).randint(
            np.iinfo(np.int32).max, size=classes.shape[0]
        )
        lines = [
            self._lines_of(label, np.flatnonzero(codes == code), table, ways, n, seed)
            for code, (label, seed) in enumerate(
                zip(classes.tolist(), seeds.tolist(), strict=True)
            )
            if (n := made.get(label, 0))
        ]
        self.sampling_strategy_ = made
        return table, ways, lines

    def _lines_of(self, label, rows, table, ways, n_new, seed):
        if rows.size < 2:
            raise ValueError(
                f"class {said(label)} has 1 row, and {n_new} more are asked for: a "
                f"line needs 2. Add rows, name other classes in sampling_strategy, or "
                f"take ClassBalanceWeighter, which can weight a single row."
            )
        found = neighbors_within(take_rows(table, rows), ways, self.k_neighbors)
        self._warn(label, rows.size, n_new, found)
        return Lines(rows.astype(np.int32), found.neighbors, n_new, seed)

    def _warn(self, label, n_rows, n_new, found):
        if found.n_distinct <= self.k_neighbors:
            distinct = " distinct" if found.n_distinct < n_rows else ""
            warnings.warn(
                f"class {said(label)} has {found.n_distinct}{distinct} row(s), so each "
                f"has {found.neighbors.shape[1]} neighbour(s) instead of k_neighbors="
                f"{self.k_neighbors}.",
                FewNeighborsWarning,
                stacklevel=2,
            )
        n_copied = round(found.share_copied * n_new)
        if found.n_copies >= _MANY * n_rows:
            made = (
                f"rows made between copies are copies: about {n_copied} of its {n_new} "
                f"new ones"
                if n_copied
                else "new rows start from them as often as they are there"
            )
            warnings.warn(
                f"{found.n_copies} of the {n_rows} rows of class {said(label)} repeat "
                f"others, exactly or nearly, and {made}. Drop copies before, by "
                f"skdataquality.duplicates.Deduplicator(near=True).",
                CopiedRowsWarning,
                stacklevel=2,
            )

    def _check(self, X, y):
        refuse_documents(
            X,
            self,
            "use a sampler that selects rows, such as RandomOverSampler, or make "
            "columns first, by TfidfVectorizer.",
        )
        table, labels, codes, classes = super()._check(X, y)
        if isinstance(X, list | tuple) and table.dtype.kind in "US":
            table = np.asarray(X, dtype=object)  # numpy made text of numbers
        return table, labels, codes, classes

    def _labels(self, y, lines):
        """Return y, and under it the labels of new rows."""
        n_in = num_samples(y)
        first = np.array([line.rows[0] for line in lines], dtype=np.intp)
        n_new = [line.n_new for line in lines]
        labels = take_rows(y, np.r_[np.arange(n_in), np.repeat(first, n_new)])
        if not hasattr(y, "iloc"):
            return labels
        return labels.set_axis(continued_index(y.index, sum(n_new)), axis=0)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = False
        return tags
