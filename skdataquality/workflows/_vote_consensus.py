"""Labels from votes alone, and how good they are: :func:`vote_consensus`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.report._table import text_table
from skdataquality.report._text import say_number
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._plain import plain
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import wrapped
from skdataquality.utils._stats import Interval
from skdataquality.weak_supervision import (
    AnnotatorLensResult,
    Consensus,
    DawidSkene,
    annotator_lens,
    consensus,
)
from skdataquality.weak_supervision._conduct import rate_of_consensus
from skdataquality.weak_supervision._votes import read_votes

SCHEMA = "skdataquality.consensus/1"
SHOWN = 20
LIMIT = (
    "Quality and the rate of wrong labels are those of the model that made the labels, "
    "and too good where annotators share mistakes: on five crowd sets 1.5 to 3.6 times "
    "as many were wrong, always within the interval. Verify some labels by hand."
)


@dataclass(frozen=True, eq=False, repr=False)
class VoteConsensus:
    """A consensus, what names its rows, and what the votes say of annotators.

    ``names`` has a column for each way to name rows, ``accuracies`` an interval for
    each annotator, ``error_rate`` the share of wrong labels among rows with a vote,
    None if votes cannot tell.
    """

    names: dict[str, Any]
    consensus: Consensus
    accuracies: list[Interval]
    error_rate: Interval | None
    lens: AnnotatorLensResult

    def to_frame(self):
        """Return one line per row: its names, then those of :class:`Consensus`."""
        columns = dict(self.consensus.to_frame())
        for name in set(self.names) & set(columns):
            raise ValueError(
                f"the column {name!r} names rows and is called as one of the results, "
                f"{list(columns)}: give it another name."
            )
        return pandas_frame(self.names | columns, "to_frame", "consensus")

    def to_dict(self):
        """Return plain lists, numbers and text; rows are in the frame alone."""
        found = self.consensus
        return plain(
            {
                "schema": SCHEMA,
                "rows": found.labels.size,
                "rows_without_votes": int((found.n_votes == 0).sum()),
                "votes": int(found.n_votes.sum()),
                "classes": found.classes,
                "method": found.method,
                "error_rate": self.error_rate,
                "mean_quality": float(found.quality.mean()),
                "need_another_vote": int(found.needs_vote.sum()),
                "annotators": self._annotators(),
                "lens": self.lens.to_dict(),
            }
        )

    def _annotators(self):
        """One line per annotator, the least accurate first."""
        found = self.consensus
        order = np.lexsort((-found.annotator_n_votes, found.annotator_quality))
        return [
            {
                "annotator": found.annotators[j],
                "votes": int(found.annotator_n_votes[j]),
                "quality": self.accuracies[j],
                "agreement": float(found.annotator_agreement[j]),
            }
            for j in order.tolist()
        ]

    def __str__(self):
        found, alpha = self.consensus, self.lens.numbers["krippendorff_alpha"]
        n_voted = int((found.n_votes > 0).sum())
        n_annotators = f"{found.annotators.size} annotators"
        if found.annotators.size == 1:
            n_annotators = "1 annotator"
        facts = {
            "rows": f"{found.labels.size}, of which {n_voted} have a vote",
            "votes": f"{found.n_votes.sum()}, of {n_annotators}",
            "consensus": f"by {found.method}; mean quality "
            f"{say_number(float(found.quality.mean()))}",
            "wrong": _rate(self.error_rate),
            "ask again": f"{int(found.needs_vote.sum())} rows, which one more vote "
            f"may turn, or that have none",
            "agreement": _alpha(alpha),
            self.lens.verdict: self.lens.summary,
        }
        lines = []
        for head, said in facts.items():
            lines += wrapped(said, f"{head:<12}")
        lines += ["", *text_table(self._cells())]
        if (more := found.annotators.size - SHOWN) > 0:
            lines.append(f"and {more} more, of higher quality")
        for limit in (*self.lens.limits, LIMIT):
            lines += wrapped(limit, "- ")
        return "\n".join(lines)

    def _cells(self):
        head = ["annotator", "votes", "quality", "agrees with consensus"]
        rows = [
            [
                printable(line["annotator"]),
                str(line["votes"]),
                say_number(line["quality"].to_dict()) if line["votes"] else "-",
                say_number(line["agreement"]),
            ]
            for line in self._annotators()[:SHOWN]
        ]
        return [head, *rows]


def _rate(rate):
    if rate is None:
        return "cannot be told: fewer than three annotators, or few shared rows"
    return f"{say_number(rate.to_dict())} of the consensus labels, by the votes"


def _alpha(alpha):
    if alpha is None:
        return "cannot be told: no two annotators share a row, or all votes are alike"
    return f"{say_number(alpha.to_dict())} (Krippendorff's alpha, 1 is perfect)"


def vote_consensus(votes, names, *, missing_label="auto"):
    """Find labels on which annotators agree, from their votes alone.

    Parameters
    ----------
    votes : {array-like, data frame} of shape (n_rows, n_annotators), or LongVotes
    names : dict of str to array-like of shape (n_rows,)
        What names the rows, in the order of the consensus.
    missing_label : "auto", None or label, default="auto"
        As for :func:`~skdataquality.weak_supervision.consensus`.

    Returns
    -------
    result : VoteConsensus
    """
    found = consensus(votes, missing_label=missing_label)
    model = DawidSkene(missing_label=missing_label).fit(votes)
    read = read_votes(votes, missing_label=missing_label)
    codes = np.searchsorted(found.classes, found.labels)
    ends = zip(found.annotator_quality, model.accuracies_interval_, strict=True)
    return VoteConsensus(
        names=names,
        consensus=found,
        accuracies=[_around(quality, *map(float, pair)) for quality, pair in ends],
        error_rate=rate_of_consensus(read, codes, found.posterior),
        lens=annotator_lens(votes, missing_label=missing_label),
    )


def _around(quality, lower, upper):
    quality = float(quality)
    return Interval(quality, min(lower, quality), max(upper, quality), "label model")
