"""Where errors come from: :class:`ErrorAttribution`."""

from numbers import Integral, Real

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from skdataquality.provenance._attribution._in_time import changes_in_time
from skdataquality.provenance._attribution._rates_table import rates_table
from skdataquality.provenance._changes import Times, read_errors
from skdataquality.provenance._slices import judge_sources, read_columns, slices_of
from skdataquality.utils._draws import draw_seed
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._saving import PersistenceMixin
from skdataquality.utils._sklearn import Interval, fit_context, num_samples
from skdataquality.utils._stats import with_ends
from skdataquality.utils._validation import check_same_length, check_table

IN_ORDER = "rows"
TABLES = {
    "rates": ("rates_", ("rate", "shrunk")),
    "slices": ("slices_", ("rate",)),
    "changes": ("change_points_", ("before", "after")),
}


class ErrorAttribution(PersistenceMixin, BaseEstimator):
    """Attribute errors to sources, to pairs of sources, and to moments.

    It says which source to mend first, and which others merely share rows with it. What
    an error is, is up to you: a flagged label, the verdict of an audit, an out-of-fold
    loss, a drift score.

    Parameters
    ----------
    alpha : float, default=0.05
        Level, in (0, 1), of p values adjusted over all slices and over all changes.
        Sources alone are judged at .05, as by :func:`provenance_lens`.
    max_order : {1, 2}, default=2
        1 compares sources alone, 2 also pairs of sources of two columns.
    min_support : int, default=40
        Fewest rows of a slice, at least 1.
    n_permutations : int, default=999
        At least 1; of the test of a change. More are drawn where many sources are
        asked, and fewer where 20 of them reach what was seen.
    random_state : int, RandomState instance or None, default=None
        For the permutations; pass an int for the same p values every time.

    Attributes
    ----------
    rates_ : tuple of dict
        One for each source, by column, the highest shrunk rate first: ``column``,
        ``source``, ``rows``, ``errors`` (flagged rows, or the sum of numbers),
        ``rate`` (Interval: share of flagged rows, or mean), ``shrunk`` (Interval, drawn
        to the mean of all sources), ``excess`` (errors beyond those that the rate of
        the other rows leads to expect), ``p_value`` and ``q_value`` (of no more errors
        than elsewhere; of numbers, of no other mean), ``finding``, ``explained_by``
        ("", or what explains a source that was found).
    slices_ : tuple of dict
        Sources and pairs that differ; see :class:`SliceTable`.
    change_points_ : tuple of dict
        Of all rows (``column`` None) and of every source of 100 rows: ``at`` with
        ``at_lower`` and ``at_upper`` (moments), ``position``, ``first_row``,
        ``before`` and ``after`` (Interval), ``p_value``, ``q_value``, ``finding``
        ("found", "explained by ...", or ""). Empty without ``order``.
    courses_ : tuple of dict
        Of all rows (``column`` None) and of every change found: ``course``, the
        ``rate`` (Interval) in up to 30 bins along time, at the moments ``at``.
    is_dated_ : bool
        Whether moments were passed as ``order``.
    sources_ : tuple
        What to mend, first the one with the most excess errors. Each is a tuple of
        (column, source): one, or two for a pair.
    worst_ : tuple or None
        The first of them.
    summary_ : str
        The same in a sentence.
    left_out_ : dict
        By column, why its sources were not compared.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)

    See Also
    --------
    error_rates_by_source : Rates of one column.
    find_slices : The search among pairs.
    change_point : The test of a change.
    ErrorAttributionDisplay : Draws rates and changes.

    Notes
    -----
    Errors are taken as they are: those of a detector are its own, and where it errs
    more in one source, that source is accused. Where two columns name the same rows, no
    data can tell them apart; both are named ("cannot be told from"). Columns of
    measurements are cut into bins; see :func:`find_slices`. A change of all rows may be
    one of the mix of sources, so that changes of sources count more.

    Examples
    --------
    >>> import numpy as np
    >>> from skdataquality.provenance import ErrorAttribution
    >>> rng = np.random.default_rng(0)
    >>> vendor, revision = rng.integers(0, 8, 20_000), np.repeat([1, 2], 10_000)
    >>> bad = (vendor == 3) & (revision == 2)
    >>> flags = rng.random(20_000) < np.where(bad, 0.2, 0.03)
    >>> X = np.column_stack([vendor, revision])
    >>> found = ErrorAttribution(random_state=0).fit(X, flags, order="rows")
    >>> found.sources_
    ((('x0', 3), ('x1', 2)),)
    >>> change = found.change_points_[0]
    >>> change["source"], bool(abs(change["first_row"] - 10_000) < 300)
    (3, True)
    """

    _parameter_constraints: dict = {
        "alpha": [Interval(Real, 0, 1, closed="neither")],
        "max_order": [Interval(Integral, 1, 2, closed="both")],
        "min_support": [Interval(Integral, 1, None, closed="left")],
        "n_permutations": [Interval(Integral, 1, None, closed="left")],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        alpha=0.05,
        max_order=2,
        min_support=40,
        n_permutations=999,
        random_state=None,
    ):
        self.alpha = alpha
        self.max_order = max_order
        self.min_support = min_support
        self.n_permutations = n_permutations
        self.random_state = random_state

    @fit_context(prefer_skip_nested_validation=False)
    def fit(self, X, y, *, order=None, groups=None):
        """Attribute the errors of rows to where they come from.

        Parameters
        ----------
        X : {array-like, data frame} of shape (n_samples, n_columns)
            Columns of sources, of any type: vendor, annotator, batch, revision, site.
            Missing values are a source of their own.
        y : array-like of shape (n_samples,), bool or number
            The error of each row: a flag (0 and 1 will do), or a number that is higher
            where the row is worse.
        order : array-like of shape (n_samples,) or "rows", default=None
            When each row was made: numbers, dates, or text that sorts by time; "rows"
            is the order of the rows. None looks for no changes.
        groups : array-like of shape (n_samples,), default=None
            Whose rows depend on each other: subjects, copies, batches.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If y is missing, infinite or no numbers, a row has no moment, or lengths
            differ.
        """
        if sp.issparse(X):
            raise TypeError(
                "X is a sparse matrix, and every cell names a source: pass X.toarray()."
            )
        table = check_table(self, X)
        if y is None:
            raise ValueError(
                f"{self.__class__.__name__} requires y to be passed, but the target y "
                f"is None: pass the error of each row."
            )
        errors = read_errors(y, "y")
        times = order if not isinstance(order, str) else None
        check_same_length(X=X, y=errors.tested, order=times, groups=groups)
        if isinstance(order, str) and order != IN_ORDER:
            raise ValueError(
                f"order={order!r}: pass one moment per row, 'rows' or None."
            )
        columns, self.left_out_ = read_columns(table, num_samples(table), "X")
        judged, accused = judge_sources(errors, columns, groups)
        found = slices_of(
            errors,
            columns,
            accused,
            left_out=self.left_out_,
            max_order=self.max_order,
            min_support=self.min_support,
            alpha=self.alpha,
            groups=groups,
        )
        self.slices_, self._culprits = found.lines, found.culprits
        self._total = float(errors.reported.sum())
        self.rates_ = rates_table(errors, columns, judged, _echoes(found.lines))
        self._conclude(errors)
        self.change_points_, self.courses_ = (), ()
        self.is_dated_ = times is not None
        if order is not None:
            self.change_points_, self.courses_ = changes_in_time(
                errors,
                columns,
                # by "rows" the moment of a row is its number in the table
                Times.read(_moments(times, errors.size), groups, errors.size),
                [source for source, *more in self.sources_ if not more],
                n_permutations=self.n_permutations,
                alpha=self.alpha,
                seed=draw_seed(self.random_state),
            )
        return self

    def _conclude(self, errors):
        self.sources_ = tuple(
            tuple(zip(line["columns"], line["values"], strict=True))
            for line in self._culprits
        )
        self.worst_ = self.sources_[0] if self.sources_ else None
        self.summary_ = "No source stands out."
        if self._culprits:
            line = self._culprits[0]
            self.summary_ = f"Mend {line['slice']} first"
            if errors.are_flags:
                self.summary_ += (
                    f": {100 * line['rate'].estimate:.1f} % of {line['rows']} rows are "
                    f"errors, {100 * line['rest']:.1f} % elsewhere; "
                    f"{round(line['excess'])} of {round(self._total)} errors would go"
                )
            self.summary_ += "."

    def to_frame(self, table="rates"):
        """Return a table as a data frame, intervals as three columns.

        Parameters
        ----------
        table : {"rates", "slices", "changes"}, default="rates"

        Returns
        -------
        frame : pandas.DataFrame

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        check_is_fitted(self, "rates_")
        if table not in TABLES:
            raise ValueError(f"table={table!r}: pass one of {sorted(TABLES)}.")
        attribute, intervals = TABLES[table]
        lines = getattr(self, attribute)
        for name in intervals:
            lines = [with_ends(line, name) for line in lines]
        return pandas_frame(
            list(lines), "ErrorAttribution.to_frame", f"the attribute {attribute}"
        )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.target_tags.required = True
        return tags


def _moments(times, n_rows):
    return np.arange(n_rows) if times is None else times


def _echoes(lines):
    """Say what explains a source alone, by column and source."""
    return {
        (line["columns"][0], line["values"][0]): line["finding"]
        for line in lines
        if len(line["columns"]) == 1
        and line["finding"].startswith(("explained by", "cannot be told"))
    }
