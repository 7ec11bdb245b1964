"""How hard the rows of one class are: :func:`minority_difficulty`."""

from dataclasses import dataclass, field
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.pipeline import make_pipeline

from skdataquality.compose._default import to_scaled_numbers
from skdataquality.imbalance._difficulty._folds import rows_per_fold
from skdataquality.imbalance._difficulty._search import own_among_nearest
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._duplicate_rows import repeated_rows
from skdataquality.utils._folds import make_splits
from skdataquality.utils._frames import are_documents, as_rows, pandas_frame
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._sklearn import take_rows
from skdataquality.utils._stats import Interval, proportion_interval
from skdataquality.utils._validation import (
    check_feature_frame,
    check_same_length,
    encode_labels,
)

TYPES = ("safe", "borderline", "rare", "outlier")
LEAST_OWN = (0.7, 0.3, 0.1)  # share of the neighbours; of 5 these are 4, 2 and 1


@dataclass(frozen=True, eq=False, repr=False)
class MinorityDifficulty(ShownResult):
    """How the rows of a class lie among the others; see :func:`minority_difficulty`.

    Attributes
    ----------
    label : object
        The class.
    n_rows, n_distinct : int
        Rows of the class, and how many of them are no copy of another one of it.
    rows : ndarray of shape (n_measured,), int
        Those that were measured, by number: distinct ones, all or drawn at random.
    kdn : ndarray of shape (n_measured,)
        Share of the nearest rows that are of another class, in [0, 1]; low is easy.
    types : ndarray of shape (n_measured,), str
        "safe", "borderline", "rare" or "outlier".
    shares : dict of str to Interval
        Share of each type.
    mean_kdn : float
        Mean of ``kdn``.
    chance_kdn : float
        What it is where columns say nothing of the class.
    nearest_is_other : Interval
        Share of the rows whose nearest row is of another class (N3), lower is easier.
    copies : Interval
        Share of the rows of the class that repeat another one of it, cell by cell.
    folds : list of dict
        By fold, rows of the class ``held_out`` and ``trained_on``, distinct ones of
        these, and whether they are ``few``.
    n_neighbors : int
    """

    label: Any
    n_rows: int
    n_distinct: int
    rows: np.ndarray = field(repr=False)
    kdn: np.ndarray = field(repr=False)
    types: np.ndarray = field(repr=False)
    shares: dict[str, Interval]
    mean_kdn: float
    chance_kdn: float
    nearest_is_other: Interval
    copies: Interval
    folds: list
    n_neighbors: int

    def to_frame(self):
        """Return one line for each row measured, in the order of the table.

        Returns
        -------
        frame : pandas.DataFrame
            ``row``, numbered from 0, ``type`` and ``kdn``.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        columns = {"row": self.rows, "type": self.types, "kdn": self.kdn}
        return pandas_frame(columns, "to_frame", "`rows`, `types` and `kdn`")


def minority_difficulty(
    X,
    y,
    *,
    label=None,
    n_neighbors=5,
    cv=None,
    groups=None,
    max_rows=1000,
    random_state=0,
):
    """Tell how hard the rows of a class are, by the classes of their nearest rows.

    Parameters
    ----------
    X : {array-like, sparse matrix, data frame} of shape (n_samples, n_features)
        Numbers are standardised, missing ones replaced by the mean of their column;
        text, dates and categories of data frames are encoded, which needs the extra
        ``cli``. Or a sequence of texts.
    y : array-like of shape (n_samples,)
    label : object, default=None
        The class; None is the one of fewest rows.
    n_neighbors : int, default=5
        At least 1.
    cv : int, splitter or None, default=None
        None is 5 stratified, shuffled, duplicate-aware folds.
    groups : array-like of shape (n_samples,), default=None
        Rows of one group stay in one fold.
    max_rows : int or None, default=1000
        At most so many rows of the class are measured, drawn at random; among all rows
        of the table.
    random_state : int, RandomState instance or None, default=0
        For the draw and the folds.

    Returns
    -------
    difficulty : MinorityDifficulty

    Raises
    ------
    ValueError
        If lengths do not fit, the class has no row, or it is the only one.
    ImportError
        If columns hold text, dates or categories and skrub is missing.

    Warns
    -----
    FewFoldsWarning
        If the rarest class has fewer rows than there are folds.

    See Also
    --------
    imbalance_lens : Says it of the rarest class, beside how well a model finds it.

    Notes
    -----
    The nearest rows are those of the smallest Euclidean distance; rows at the same
    distance share the places that are left. Of 5, a row with 4 or more of its own class
    is safe, with 2 or 3 borderline, with 1 rare, with none an outlier [1]_; of another
    number in proportion. ``kdn`` is the k-disagreeing neighbours of [2]_,
    ``nearest_is_other`` the N3 of [3]_, each over the rows of this class.

    A row is no evidence for its own copy: rows that are equal in every cell and in the
    label count once, on either side, unless the columns are so coarse that chance makes
    rows equal. Twins with another label stay.

    Distances count all columns alike. Where most say nothing, neighbours do not either,
    and a class that a model finds may look hard; ``mean_kdn`` near ``chance_kdn`` is
    the sign.

    References
    ----------
    .. [1] K. Napierala and J. Stefanowski, "Types of minority class examples and their
       influence on learning classifiers from imbalanced data", Journal of Intelligent
       Information Systems 46 (2016), section 3.
    .. [2] M. R. Smith, T. Martinez and C. Giraud-Carrier, "An instance level analysis
       of data complexity", Machine Learning 95 (2014).
    .. [3] T. K. Ho and M. Basu, "Complexity measures of supervised classification
       problems", IEEE TPAMI 24 (2002).

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.imbalance import minority_difficulty
    >>> rng = np.random.default_rng(0)
    >>> y = np.repeat([0, 1], [180, 20])
    >>> X = rng.normal(size=(200, 2)) + 5 * y[:, None]  # the rare class lies apart
    >>> X[-2:] = 0  # but for two rows
    >>> found = minority_difficulty(X, y)
    >>> found.types[:-1].tolist().count("safe"), str(found.types[-1])
    (18, 'outlier')
    """
    _check_whole("n_neighbors", n_neighbors)
    if max_rows is not None:
        _check_whole("max_rows", max_rows)
    if not are_documents(X):
        check_feature_frame(X)
        X = as_rows(X)
    check_same_length(X=X, y=y, groups=groups)
    classes, codes = encode_labels(y)
    code = _code_of(label, classes, codes)
    twins = None if are_documents(X) else repeated_rows(X)
    splits, _ = make_splits(
        X,
        codes,
        cv=cv,
        groups=groups,
        duplicate_groups=twins,
        random_state=random_state,
    )
    return measure(
        X,
        codes,
        code,
        classes[code : code + 1].tolist()[0],
        twins=twins,
        splits=splits,
        n_neighbors=n_neighbors,
        max_rows=max_rows,
        random_state=random_state,
    )


def measure(
    X,
    codes,
    code,
    label,
    *,
    twins,
    splits,
    n_neighbors=5,
    max_rows=1000,
    random_state=0,
):
    """Return the `MinorityDifficulty` of the class of this code; X is a table.

    ``twins`` are the groups of equal rows, or None where there are no copies.
    """
    distinct = _distinct(codes, twins)
    own = codes[distinct] == code
    candidates = np.flatnonzero(own)
    measured = candidates[draw_rows(candidates.size, max_rows, random_state)]
    k = min(n_neighbors, distinct.size - 1)
    X = X if distinct.size == codes.size else take_rows(X, distinct)
    cells = make_pipeline(*to_scaled_numbers(X)).fit_transform(X)
    if not hasattr(cells, "multiply"):
        cells = np.ascontiguousarray(cells, dtype=np.float64)
    n_own, nearest = own_among_nearest(cells, own, measured, k)
    types = np.array(TYPES)[_type_of(n_own / k)]
    is_class = codes == code
    n_rows = int(is_class.sum())
    n_copies = n_rows - candidates.size
    return MinorityDifficulty(
        label=label,
        n_rows=n_rows,
        n_distinct=candidates.size,
        rows=distinct[measured],
        kdn=1 - n_own / k,
        types=types,
        shares={kind: _share(types == kind) for kind in TYPES},
        mean_kdn=float(1 - n_own.mean() / k),
        chance_kdn=float((~own).sum() / (distinct.size - 1)),
        nearest_is_other=_share(nearest < 0.5),
        copies=proportion_interval(n_copies, n_rows),
        folds=rows_per_fold(is_class, _first_of(distinct, codes.size), splits, k),
        n_neighbors=k,
    )


def _check_whole(name, value):
    if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name}={value!r} must be a whole number of at least 1.")


def _code_of(label, classes, codes):
    if classes.size < 2:
        raise ValueError(
            f"y holds one class only, {classes[0]!r}: there is nothing to tell it from."
        )
    if label is None:
        return int(np.argmin(np.bincount(codes)))
    labels = classes.tolist()
    if label not in labels:
        raise ValueError(f"label={label!r} is none of the classes in y: {labels[:10]}.")
    return labels.index(label)


def _distinct(codes, twins):
    """Rows that are no copy, with the same label, of one before them."""
    if twins is None:
        return np.arange(codes.size)
    pairs = twins.astype(np.int64) * (codes.max() + 1) + codes
    return np.sort(np.unique(pairs, return_index=True)[1])


def _first_of(distinct, n_rows):
    mask = np.zeros(n_rows, dtype=bool)
    mask[distinct] = True
    return mask


def _type_of(share):
    """Position among `TYPES`; rounding may take a share just below a cut."""
    return sum((share < least - 1e-9).astype(int) for least in LEAST_OWN)


def _share(mask):
    return proportion_interval(int(mask.sum()), int(mask.size))
