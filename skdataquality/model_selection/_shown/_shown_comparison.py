"""The part of a comparison that shows it: tables, sentences, renderings."""

from functools import cached_property
from typing import Any

from skdataquality.model_selection._shown._render import (
    as_html,
    as_markdown,
    as_text,
    sections_of,
)
from skdataquality.model_selection._shown._rows import (
    NOTHING,
    rows_on_given,
    rows_on_true,
)
from skdataquality.model_selection._shown._thresholds import say_moved_thresholds
from skdataquality.model_selection._shown._words import (
    say_expected,
    say_labels,
    say_verdict,
)
from skdataquality.report._table import html_text
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import WIDTH, cut, wrapped

ALL = "all"


class ShownComparison:
    """Tables and texts of a :class:`RemedyComparison`, made from its fields."""

    scores_: dict
    metric_: str
    candidates_: dict
    test_train_ratio_: float
    notes_: tuple
    tests_: dict
    seconds_: dict
    metric_kinds_: dict
    verified_: Any
    true_tests_: dict
    true_means_: dict

    @cached_property
    def expected_gains_(self):
        """Gains on the true labels that the model expects, {} where none are known."""
        return {}

    @cached_property
    def _tables(self):
        """Rows by labels, then metric."""
        tables: dict[str, dict[str, list]] = {"given": {}, "true": {}}
        for metric, scores in self.scores_.items():
            expected = self.expected_gains_.get(metric, {})
            tables["given"][metric] = rows_on_given(
                scores,
                self.tests_.get(metric, {}),
                expected,
                self.seconds_,
                test_train_ratio=self.test_train_ratio_,
            )
            if self.true_tests_.get(metric):
                tables["true"][metric] = rows_on_true(
                    self.true_means_[metric],
                    self.true_tests_[metric],
                    expected,
                    self.seconds_,
                )
        return tables

    @property
    def _deciding(self):
        """Which labels decide, and their rows."""
        labels = "true" if self.metric_ in self._tables["true"] else "given"
        return labels, self._tables[labels][self.metric_]

    def table(self, metric=None, *, labels="given"):
        """Compare every remedy with "nothing", best score first.

        Parameters
        ----------
        metric : str, default=None
            None is the deciding metric.
        labels : {"given", "true"}, default="given"
            Labels of the table, or the true ones as verified rows tell.

        Returns
        -------
        rows : list of dict
            - ``remedy``: its name
            - ``score``: mean over held-out rows, greater is better
            - ``gain``: the score less that of "nothing"
            - ``lower``, ``upper``: ends of the 95 % interval of the gain, not adjusted
              for the number of remedies
            - ``p_holm``: two-sided p value of the gain, adjusted by Holm over the
              remedies; below .05 a positive gain is beyond noise
            - ``expected_gain``: the gain on the true labels that the model expects, NaN
              if unknown; advice, it decides nothing
            - ``seconds``: all fits and scores of the remedy, one after the other, NaN
              if unknown
            - ``p_value``: the same as ``p_holm`` for this remedy alone
            - ``minimum_detectable_gain``: in units of the score, found with
              probability .8
            - ``beyond_noise``: whether the gain is
            - ``method`` of the interval: "row-wise", "row-wise, jackknife" or
              "Nadeau-Bengio" on the given labels

            In the row of "nothing" what is tested is NaN, and the method "".

        Raises
        ------
        ValueError
            If the metric was not computed, or not on these labels.
        """
        metric = self.metric_ if metric is None else metric
        if metric not in self.scores_:
            raise ValueError(
                f"metric={metric!r} was not computed; there is {list(self.scores_)}. "
                f"Pass it in scoring."
            )
        if labels not in self._tables:
            raise ValueError(f"labels={labels!r} must be 'given' or 'true'.")
        if metric not in self._tables[labels]:
            known = list(self._tables[labels])
            raise ValueError(
                f"labels='true', but no verified labels score {metric!r} (they score "
                f"{known}): verify rows first, or pass labels='given'."
            )
        return [dict(row) for row in self._tables[labels][metric]]

    @property
    def table_(self):
        """The table of the deciding metric."""
        return self.table()

    @property
    def ranking_(self):
        """Names by score of the deciding metric, best first."""
        return [row["remedy"] for row in self._deciding[1]]

    @property
    def best_(self):
        """The best-ranked remedy that beats "nothing" beyond noise, or "nothing"."""
        rows = self._deciding[1]
        return next((row["remedy"] for row in rows if row["beyond_noise"]), NOTHING)

    @property
    def verdict_(self):
        """What the choice gains, or that nothing gains beyond noise, in a sentence."""
        labels, rows = self._deciding
        where = say_labels(labels, self.verified_)
        claim, where, sure = say_verdict(self.metric_, self.best_, rows, where)
        return f"{claim}, {where}; {sure}" if sure else f"{claim}, {where}"

    @property
    def remarks_(self):
        """What the tables say together, in sentences."""
        labels, rows = self._deciding
        expected = say_expected(self.best_, rows) if labels == "given" else []
        tables = self._tables["true"]
        if not self.metric_kinds_.keys() <= tables.keys():
            tables = self._tables["given"]
        moved = say_moved_thresholds(self.metric_kinds_, tables, self.candidates_)
        if labels == "true" and tables is self._tables["given"]:
            moved = [f"on the given labels {said}" for said in moved]
        return (*expected, *moved)

    def to_frame(self, metric=None, *, labels="given"):
        """Return the table as a data frame.

        Parameters
        ----------
        metric : str, default=None
            None is the deciding metric, "all" every metric that these labels score, by
            a column ``metric``.
        labels : {"given", "true"}, default="given"
            As in :meth:`table`.

        Returns
        -------
        frame : pandas.DataFrame
            One row per remedy and metric, best score first, indexed by ``remedy``; the
            other columns are the keys of :meth:`table`.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        if metric == ALL and ALL not in self.scores_:
            self.table(labels=labels)  # refuses labels that nobody has verified
            rows = [
                {"metric": name} | row
                for name in self._tables[labels]
                for row in self.table(name, labels=labels)
            ]
        else:
            rows = self.table(metric, labels=labels)
        frame = pandas_frame(rows, "RemedyComparison.to_frame", "table()")
        return frame.set_index("remedy")

    def to_markdown(self, metric=None):
        """Return tables as Markdown, on the true labels first; long names are cut.

        Parameters
        ----------
        metric : str, default=None
            None is every metric, the deciding one first.

        Returns
        -------
        text : str
        """
        return as_markdown(sections_of(self, metric))

    def to_text(self, metric=None):
        """Return tables as plain text of at most 80 columns, on the true labels first.

        Parameters
        ----------
        metric : str, default=None
            None is every metric, the deciding one first.

        Returns
        -------
        text : str
        """
        return as_text(sections_of(self, metric))

    def __repr__(self):
        notes = [
            line
            for note in (*self.remarks_, *self.notes_)
            for line in wrapped(note, "- ")
        ]
        return "\n".join(
            [
                "RemedyComparison",
                cut(f"best: {printable(self.best_)}", WIDTH),
                *wrapped(self.verdict_),
                "",
                self.to_text(),
                "",
                *notes,
            ]
        ).rstrip()

    def _repr_html_(self):
        notes = "".join(
            f"<li>{html_text(note)}</li>" for note in (*self.remarks_, *self.notes_)
        )
        return (
            f"<div><p>best: <b>{html_text(self.best_)}</b></p>"
            f"<p>{html_text(self.verdict_)}</p>"
            f"{as_html(sections_of(self))}<ul>{notes}</ul></div>"
        )
