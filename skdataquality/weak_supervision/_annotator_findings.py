"""What is wrong with annotators, found and suspected: :class:`AnnotatorFindings`."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from skdataquality.weak_supervision._conduct import (
    ConfusedPairs,
    LabelRate,
    PairAgreement,
    Skills,
    SplitRows,
    VoteEvidence,
    confused_pairs,
    label_rate,
    pair_agreement,
    skills,
    split_rows,
)

SURE, PERHAPS = 0.01, 0.05  # of Holm's p values
COPIED = 0.2  # least share of other rows that are agreed on too
RATIO, LEAST_RATIO, CONFUSED = 1.2, 1.5, 0.1  # lower end, estimate, rate
UNEVEN = 1.15  # times the variance expected
SPLIT = 0.05  # of the rows, beyond those expected
MANY, SOME = 0.05, 0.01  # of the labels wrong, as the lens of label noise has it


@dataclass(frozen=True, eq=False)
class AnnotatorFindings:
    """The tests of one label model on one set of votes."""

    evidence: VoteEvidence
    accuracies: np.ndarray
    intervals: np.ndarray
    skills: Skills
    pairs: PairAgreement
    classes: ConfusedPairs
    split: SplitRows
    labels: LabelRate | None

    @cached_property
    def worse(self):
        """Annotators that vote against the others."""
        return self.skills.worse(SURE)

    @cached_property
    def useless(self):
        """Annotators without skill that are not worse than chance."""
        return np.setdiff1d(self.skills.useless(PERHAPS), self.worse)

    @cached_property
    def copies(self):
        """Pairs that agree too much, the worst first."""
        return self.pairs.copies(SURE, COPIED)

    @cached_property
    def confused(self):
        """Pairs of classes, the worst first."""
        return self.classes.confused(SURE, RATIO, LEAST_RATIO, CONFUSED)

    @property
    def is_split(self):
        """Whether far more rows are split than expected."""
        return self.split.p_value < SURE and self.split.lower > SPLIT

    @property
    def reasons(self):
        """Codes of all that is found, then of all that is suspected, with verdicts."""
        rate = self.labels.rate if self.labels is not None else None
        found = {
            "worse_than_chance": self.worse.size > 0,
            "copies": self.copies.size > 0,
            "classes_confused": self.confused.size > 0,
            "rows_split": self.is_split,
            "labels_wrong": rate is not None and rate.lower > MANY,
        }
        suspected = {
            "no_better": self.useless.size > 0,
            "rows_uneven": self.split.p_uneven < SURE
            and self.split.dispersion > UNEVEN,
            "labels_some": rate is not None and MANY >= rate.lower > SOME,
        }
        return [(code, "found") for code, holds in found.items() if holds] + [
            (code, "suspect") for code, holds in suspected.items() if holds
        ]

    @property
    def accused(self):
        """Annotators worse than chance, and the one of two copies with fewer votes."""
        n = np.bincount(self.evidence.votes.source, minlength=self.accuracies.size)
        first, second = self.pairs.first[self.copies], self.pairs.second[self.copies]
        fewer = np.where(n[first] < n[second], first, second)
        return np.union1d(self.worse, fewer)

    @property
    def severity(self):
        """Share of votes not to be trusted, of confused ones, or of labels wrong."""
        votes = self.evidence.votes
        of = [np.isin(votes.source, self.accused).mean()]
        of += self.classes.rate[self.confused[:1]].tolist()
        if self.is_split:
            of.append(self.split.excess / 0.3)
        if self.labels is not None and self.labels.rate is not None:
            of.append(self.labels.rate.estimate / 0.3)
        return float(min(1.0, max(of)))


def find_faults(votes, model, gold, labels=None):
    """Fit a label model to votes, and ask all tests.

    ``gold`` and ``labels`` are codes of classes, -1 where there is none.
    """
    evidence = VoteEvidence(votes, model.confusion_, model.class_prior_)
    return AnnotatorFindings(
        evidence=evidence,
        accuracies=np.asarray(model.accuracies_, dtype=float),
        intervals=np.asarray(model.accuracies_interval_, dtype=float),
        skills=skills(evidence),
        pairs=pair_agreement(evidence),
        classes=confused_pairs(votes, model.class_prior_, model.accuracies_),
        split=split_rows(evidence),
        labels=None if labels is None else label_rate(votes, labels, model, gold),
    )
