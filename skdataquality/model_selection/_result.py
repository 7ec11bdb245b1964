"""What a comparison of remedies found: :class:`RemedyComparison`."""

import html
import math
import textwrap
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sklearn.base import clone

from skdataquality.model_selection._prefer import gains_over, rank
from skdataquality.report._text import WIDTH
from skdataquality.utils._frames import pandas_frame

NOTHING = "nothing"
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
    A remedy beats "nothing" if its mean difference is positive and the Nadeau-Bengio
    test, adjusted by Holm over the remedies, has p < .05. Of several that do, the best
    ranked one is taken. "Not beyond noise" is no proof of no gain: compare with
    ``minimum_detectable_gain``, the gain found with probability .8 (not adjusted).
    """

    scores_: dict[str, dict[str, np.ndarray]]
    splits_: list
    metric_: str
    candidates_: dict
    test_train_ratio_: float
    notes_: tuple[str, ...] = ()

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
        gains = gains_over(
            scores[NOTHING],
            [scores[name] for name in names],
            test_train_ratio=self.test_train_ratio_,
        )
        gain_of = dict(zip(names, gains, strict=True))
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
            ``upper`` of its 95 % Nadeau-Bengio interval, ``p_value``, ``p_adjusted``
            (Holm over the remedies), ``minimum_detectable_gain`` in units of the score,
            ``beyond_noise``. In the row of "nothing" what is tested is NaN.
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
        return {
            "metric": self.metric_,
            "best": self.best_,
            "ranking": self.ranking_,
            "n_splits": self.n_splits_,
            "test_train_ratio": self.test_train_ratio_,
            "tables": {
                metric: [{k: _finite(v) for k, v in row.items()} for row in rows]
                for metric, rows in self._tables.items()
            },
            "scores": {
                metric: {name: np.asarray(s).tolist() for name, s in by_name.items()}
                for metric, by_name in self.scores_.items()
            },
            "notes": list(self.notes_),
        }

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
        """Return the table as Markdown of at most 80 columns; long names are cut.

        Parameters
        ----------
        metric : str, default=None
            None is the deciding metric.

        Returns
        -------
        text : str
        """
        rows = [[c.replace("|", "/") for c in row] for row in self._cells(metric)]
        header, *body = _pad(rows, WIDTH - 3 * len(_COLUMNS) - 1)
        rule = ["-" * len(header[0])] + ["-" * (len(c) - 1) + ":" for c in header[1:]]
        return "\n".join(f"| {' | '.join(row)} |" for row in (header, rule, *body))

    def __repr__(self):
        lines = [
            "RemedyComparison",
            _cut(f"best: {_one_line(self.best_)}", WIDTH),
            _cut(f"{_one_line(self.metric_)}, {self.n_splits_} splits", WIDTH),
        ]
        table = _pad(self._cells(), WIDTH - 2 * len(_COLUMNS))
        notes = [
            line
            for note in self.notes_
            for line in textwrap.wrap(note, WIDTH, initial_indent="- ")
        ]
        return "\n".join([*lines, *("  ".join(row).rstrip() for row in table), *notes])

    def _repr_html_(self):
        header, *body = self._cells()
        head = "".join(f"<th>{html.escape(cell)}</th>" for cell in header)
        rows = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
            for row in body
        )
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes_)
        return (
            f"<div><p>best: <b>{html.escape(self.best_)}</b> "
            f"({html.escape(self.metric_)}, {self.n_splits_} splits)</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"<ul>{notes}</ul></div>"
        )

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
    }


def _texts(row):
    p = row["p_adjusted"]
    return [
        _one_line(row["name"]),
        f"{row['mean']:.4g}",
        "" if row["name"] == NOTHING else f"{row['difference']:+.3g}",
        *(_signed(row[key]) for key in ("lower", "upper")),
        "" if math.isnan(p) else "<.001" if p < 0.001 else f"{p:.3f}",
        _signed(row["minimum_detectable_gain"]).removeprefix("+"),
    ]


def _signed(value):
    return "" if math.isnan(value) else f"{value:+.3g}"


def _finite(value):
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _one_line(text):
    return " ".join(text.split())


def _cut(text, width):
    return text if len(text) <= width else text[: width - 2] + ".."


def _pad(rows, width):
    """Align the cells to columns of ``width`` characters in all; names are cut."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    widths[0] = min(widths[0], width - sum(widths[1:]))
    return [
        [
            _cut(row[0], widths[0]).ljust(widths[0]),
            *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True)),
        ]
        for row in rows
    ]
