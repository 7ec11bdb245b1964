"""What a comparison of remedies found: :class:`RemedyComparison`."""

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from sklearn.base import clone

from skdataquality.model_selection._prefer import judge, rank
from skdataquality.report._markdown import markdown_table
from skdataquality.report._table import html_table, html_text, text_table
from skdataquality.report._text import say_differences, say_p
from skdataquality.report._width import WIDTH, cut, wrapped
from skdataquality.utils._digits import fixed
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._plain import plain
from skdataquality.utils._printable import printable
from skdataquality.utils._stats import nadeau_bengio

NOTHING = "nothing"
LONGEST_NAME = 40
_COLUMNS = ("remedy", "mean", "gain", "lower", "upper", "p Holm", "min gain")


@dataclass(frozen=True, eq=False, repr=False)
class RemedyComparison:
    """Scores of remedies on the same splits, and which one to take.

    Made by :func:`compare_remedies`.

    Attributes
    ----------
    scores_ : dict of str to dict of str to ndarray of shape (n_splits,)
        By metric, then by remedy; greater is better.
    splits_ : list of (train, test) index arrays
        Pass it on as ``cv``.
    metric_ : str
        The deciding metric, the first one asked for.
    candidates_ : dict of str to estimator
        Unfitted; the estimator bound to each remedy.
    test_train_ratio_ : float
        Mean over the splits of test rows over training rows.
    notes_ : tuple of str
        What was decided on the way, and what the scores cannot say.
    folds_ : tuple of DuplicateGroupKFold
        Their splits, one after the other, are ``splits_``; empty if ``cv`` was a
        splitter or an iterable. For numbers they split without ``y``.
    predictions_ : dict of str to dict of str to ndarray
        By metric, then by remedy: what the scorer was given of the rows held out, shape
        (n_repeats, n_samples) or (n_repeats, n_samples, n_classes). Metrics that are
        given the same share it. Without those whose splits do not hold out every row
        equally often, or whose scorer is a function of the estimator.
    tests_ : dict of str to dict of str to PairedTest
        By metric, then by remedy: the row-wise test of the gain, where there is one.
    table_ : list of dict
        ``table(metric_)``.
    ranking_ : list of str
        Remedies by mean score, best first.
    best_ : str
        "nothing" unless a remedy beats it beyond noise.
    best_estimator_ : estimator
        Unfitted.
    n_splits_ : int

    See Also
    --------
    compare_remedies : Makes it.
    prefer_nothing : Chooses like ``best_`` inside a search.

    Notes
    -----
    A remedy beats "nothing" if its mean difference is positive and its test, adjusted
    by Holm over the remedies, has p < .05. Of several that do, the best ranked one is
    taken. "Not beyond noise" is no proof of no gain: compare with
    ``minimum_detectable_gain``, the gain found with probability .8 (not adjusted).

    The test is of single rows where it can be: what each row held out adds to the
    metric under the remedy, less what it adds under "nothing". For a mean over rows,
    such as accuracy or log loss, that is the row's own difference; for others its
    influence, the derivative of the metric in the weight of the row, or what leaving
    out groups of rows changes (jackknife). The variance is that of one repeat and twice
    the part of it by which repeats differ, over clusters of equal rows and of
    ``groups``. With a single one four models are asked about rows of the other folds
    too, some 1000 in all: where it disagrees with the model that did not see them,
    as trees do, the interval grows, up to that of the folds. Where splits do not hold
    out every row equally often, a scorer is any function of the estimator, or fewer
    rows differ than there are folds, the test is that of Nadeau and Bengio on the
    scores of splits; its interval is about 1.4 times as wide for stable models.

    The interval is for the gain, on new rows of the same kind, of the models fitted on
    these splits, averaged over the splits [1]_. That is a statement on this table. Most
    intervals hold the gain averaged over training sets of this size as well. They do
    not where a metric weighs decisions on one class far more than on another, as
    balanced accuracy and F1 do with a rare class: models are not fitted to that, so
    that two candidates that are equally good over many tables differ on each of them.

    References
    ----------
    .. [1] P. Bayle, A. Bayle, L. Janson and L. Mackey, "Cross-validation confidence
       intervals for test error", NeurIPS 33 (2020).
    """

    scores_: dict[str, dict[str, np.ndarray]]
    splits_: list
    metric_: str
    candidates_: dict
    test_train_ratio_: float
    notes_: tuple[str, ...] = ()
    folds_: tuple = ()
    predictions_: dict = field(default_factory=dict)
    tests_: dict = field(default_factory=dict)

    @property
    def n_splits_(self):
        """Number of splits."""
        return len(self.splits_)

    @cached_property
    def _tables(self):
        return {metric: self._make_table(metric) for metric in self.scores_}

    def _make_table(self, metric):
        scores = self.scores_[metric]
        names = [name for name in scores if name != NOTHING]
        differences = [scores[name] - scores[NOTHING] for name in names]
        rowwise = self.tests_.get(metric, {})
        tests = [
            rowwise.get(name)
            or nadeau_bengio(d, test_train_ratio=self.test_train_ratio_)
            for name, d in zip(names, differences, strict=True)
        ]
        gain_of = dict(zip(names, judge(differences, tests), strict=True))
        every = list(scores)
        order = rank([scores[name] for name in every], every.index(NOTHING))
        return [
            _row(every[i], float(np.mean(scores[every[i]])), gain_of.get(every[i]))
            for i in order
        ]

    def table(self, metric=None):
        """Compare every remedy with "nothing", best mean first.

        Parameters
        ----------
        metric : str, default=None
            None is the deciding metric.

        Returns
        -------
        rows : list of dict
            ``name``, ``mean``, ``difference`` to "nothing" with the ends ``lower`` and
            ``upper`` of its 95 % interval, ``p_value``, ``p_adjusted`` (Holm over the
            remedies), ``minimum_detectable_gain`` in units of the score,
            ``beyond_noise``, and the ``method`` of the interval: "row-wise", "row-wise,
            jackknife" or "Nadeau-Bengio". In the row of "nothing" what is tested is
            NaN, and the method "".
        """
        metric = self.metric_ if metric is None else metric
        if metric not in self._tables:
            raise ValueError(
                f"metric={metric!r} was not computed; there is {list(self.scores_)}. "
                f"Pass it in scoring."
            )
        return [dict(row) for row in self._tables[metric]]

    @property
    def table_(self):
        """The table of the deciding metric."""
        return self.table()

    @property
    def ranking_(self):
        """Names by mean of the deciding metric, best first."""
        return [row["name"] for row in self._tables[self.metric_]]

    @property
    def best_(self):
        """The best-ranked remedy that beats "nothing" beyond noise, or "nothing"."""
        rows = self._tables[self.metric_]
        return next((row["name"] for row in rows if row["beyond_noise"]), NOTHING)

    @property
    def best_estimator_(self):
        """An unfitted clone of the chosen candidate."""
        return clone(self.candidates_[self.best_])

    def to_dict(self):
        """Return everything but the estimators, as strict JSON can hold it.

        Returns
        -------
        result : dict
            NaN is None.
        """
        return plain(
            {
                "metric": self.metric_,
                "best": self.best_,
                "ranking": self.ranking_,
                "n_splits": self.n_splits_,
                "test_train_ratio": self.test_train_ratio_,
                "tables": self._tables,
                "scores": self.scores_,
                "notes": self.notes_,
            }
        )

    def to_frame(self, metric=None):
        """Return the table as a data frame.

        Parameters
        ----------
        metric : str, default=None
            None is the deciding metric.

        Returns
        -------
        frame : pandas.DataFrame
            One row per remedy, best mean first, indexed by name.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        frame = pandas_frame(self.table(metric), "RemedyComparison.to_frame", "table()")
        return frame.set_index("name")

    def to_markdown(self, metric=None):
        """Return the table as Markdown; long names are cut.

        Parameters
        ----------
        metric : str, default=None
            None is the deciding metric.

        Returns
        -------
        text : str
        """
        header, *body = self._cells(metric)
        rows = [[cut(name, LONGEST_NAME), *rest] for name, *rest in body]
        return markdown_table(header, rows)

    def to_text(self, metric=None):
        """Return the table as plain text of at most 80 columns; long names are cut.

        Parameters
        ----------
        metric : str, default=None
            None is the deciding metric.

        Returns
        -------
        text : str
        """
        return "\n".join(text_table(self._cells(metric)))

    def __repr__(self):
        lines = [
            "RemedyComparison",
            cut(f"best: {printable(self.best_)}", WIDTH),
            cut(f"{printable(self.metric_)}, {self._how_tested()}", WIDTH),
            self.to_text(),
        ]
        notes = [line for note in self.notes_ for line in wrapped(note, "- ")]
        return "\n".join([*lines, *notes])

    def _repr_html_(self):
        header, *body = self._cells()
        notes = "".join(f"<li>{html_text(note)}</li>" for note in self.notes_)
        return (
            f"<div><p>best: <b>{html_text(self.best_)}</b> "
            f"({html_text(self.metric_)}, {html_text(self._how_tested())})</p>"
            f"{html_table(header, body)}<ul>{notes}</ul></div>"
        )

    def _how_tested(self):
        methods = dict.fromkeys(row["method"] for row in self.table_ if row["method"])
        said = [f"{method} intervals" for method in methods]
        return ", ".join([f"{self.n_splits_} splits", *said])

    def _cells(self, metric=None):
        """Header and rows of the table as short texts."""
        return [list(_COLUMNS), *map(_texts, self.table(metric))]


def _row(name, mean, gain):
    keys = ("lower", "upper", "p_value", "p_adjusted", "minimum_detectable_gain")
    tested = {key: math.nan if gain is None else getattr(gain, key) for key in keys}
    return {
        "name": name,
        "mean": mean,
        "difference": 0.0 if gain is None else gain.difference,
        **tested,
        "beyond_noise": gain is not None and gain.beyond_noise,
        "method": "" if gain is None else gain.method,
    }


def _texts(row):
    keys = ("difference", "lower", "upper", "minimum_detectable_gain")
    gain, lower, upper, smallest = say_differences(
        *(row[key] for key in keys), scale=row["mean"]
    )
    return [
        printable(row["name"]),
        fixed(row["mean"], 4),
        "" if row["name"] == NOTHING else gain,
        lower,
        upper,
        say_p(row["p_adjusted"]),
        smallest.removeprefix("+"),
    ]
