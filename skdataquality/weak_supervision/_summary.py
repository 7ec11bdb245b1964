"""What is each labelling function worth? :func:`lf_summary`."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.exceptions import UnfitLabelModelWarning
from skdataquality.utils._digits import fixed
from skdataquality.utils._frames import listed, pandas_frame
from skdataquality.utils._plain import plain
from skdataquality.utils._printable import printable
from skdataquality.utils._shown import Shown, ShownResult, html_facts, on_few_lines
from skdataquality.utils._stats import clopper_pearson
from skdataquality.weak_supervision._conduct import (
    VoteEvidence,
    fitted,
    repeated_votes,
    skills,
)
from skdataquality.weak_supervision._label_models import LabelModel
from skdataquality.weak_supervision._votes import read_gold, read_votes

LEVEL = 0.05  # of Holm's p values over all pairs
LEAST_REPEATED = 0.5
FEWEST_SAME = 5  # rows: of fewer the normal law says nothing
SHOWN = 20


@dataclass(frozen=True, eq=False, repr=False)
class LFSummary(ShownResult):
    """One entry per labelling function, in the order of the columns of the votes.

    Attributes
    ----------
    names : list
    polarity : list of list
        Labels that the function gives.
    coverage, overlaps, conflicts : ndarray of shape (n_functions,), float
        Share of rows on which it votes; on which another votes too; on which another
        says something else. In [0, 1].
    correct, incorrect : ndarray of shape (n_functions,), int, or None
        Votes on rows with a known label that agree with it, and that do not; None
        without ``y``.
    empirical_accuracy : ndarray of shape (n_functions,), float, or None
        Share of the correct among both; NaN without a vote on these rows.
    empirical_interval : ndarray of shape (n_functions, 2), float, or None
        Clopper-Pearson, 95 %.
    learned_accuracy : ndarray of shape (n_functions,), float
        Chance that a vote of it is right, by the label model, which saw no label.
    learned_interval : ndarray of shape (n_functions, 2), float
        As the label model gives it.
    chance : ndarray of shape (n_functions,), float
        Accuracy of votes as frequent as its own that ignore the row.
    worse_than_chance : ndarray of shape (n_functions,), bool
        The upper end of its empirical accuracy is below chance; where none is known,
        that of its learned one, or its votes go against what the others say (p < .05,
        Holm).
    redundant : list of dict
        Pairs of functions that repeat each other: ``first``, ``second``, ``same``
        (rows on which they say the same), ``expected`` (of them, given the truth),
        ``repeated`` (share of the votes of the one with fewer, beyond those expected),
        ``z`` and ``p_value`` (Holm). Worst first.
    n_rows, n_covered : int
    """

    names: list
    polarity: list
    coverage: np.ndarray
    overlaps: np.ndarray
    conflicts: np.ndarray
    learned_accuracy: np.ndarray
    learned_interval: np.ndarray
    chance: np.ndarray
    worse_than_chance: np.ndarray
    redundant: list
    n_rows: int
    n_covered: int
    correct: Any = None
    incorrect: Any = None
    empirical_accuracy: Any = None
    empirical_interval: Any = None

    def columns(self):
        """Return the columns of :meth:`to_frame` as a dict of name to list."""
        out = {
            "j": np.arange(len(self.names)),
            "Polarity": self.polarity,
            "Coverage": self.coverage,
            "Overlaps": self.overlaps,
            "Conflicts": self.conflicts,
        }
        if self.correct is not None:
            out |= {
                "Correct": self.correct,
                "Incorrect": self.incorrect,
                "Emp. Acc.": self.empirical_accuracy,
                "Emp. Acc. lower": self.empirical_interval[:, 0],
                "Emp. Acc. upper": self.empirical_interval[:, 1],
            }
        out |= {
            "Learned Acc.": self.learned_accuracy,
            "Learned Acc. lower": self.learned_interval[:, 0],
            "Learned Acc. upper": self.learned_interval[:, 1],
            "Chance": self.chance,
            "Worse than chance": self.worse_than_chance,
            "Repeats": self._repeats(),
        }
        return {
            name: list(getattr(v, "tolist", lambda v=v: v)()) for name, v in out.items()
        }

    def to_frame(self):
        """Return one line per function, with Snorkel's column names and ours.

        Returns
        -------
        frame : pandas.DataFrame
            Indexed by the names of the functions. "Repeats" lists those that it repeats
            or that repeat it.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        frame = pandas_frame(self.columns(), "LFSummary.to_frame", "columns()")
        frame.index = self.names
        return frame

    def to_dict(self):
        """Return plain lists, numbers and text, ready for JSON."""
        return plain(
            {
                "n_rows": self.n_rows,
                "n_covered": self.n_covered,
                "functions": self.names,
                "columns": self.columns(),
                "redundant": self.redundant,
            }
        )

    def _repeats(self):
        others: dict = {name: [] for name in self.names}
        for pair in self.redundant:
            others[pair["first"]].append(pair["second"])
            others[pair["second"]].append(pair["first"])
        return [others[name] for name in self.names]

    def _head(self):
        covered = self.n_covered / self.n_rows
        return (
            f"{len(self.names)} functions, {covered:.1%} of {self.n_rows} rows covered"
        )

    def __repr__(self):
        said = [self._head()]
        worse = [self.names[j] for j in np.flatnonzero(self.worse_than_chance)]
        said.append(f"worse than chance: {listed(worse) if worse else 'none'}")
        pairs = [f"{pair['first']} and {pair['second']}" for pair in self.redundant]
        said.append(f"redundant: {listed(pairs) if pairs else 'none'}")
        return on_few_lines(printable(f"LFSummary({'; '.join(said)})"))

    def _repr_html_(self):
        facts = {
            str(name): Shown(self._line(j)) for j, name in enumerate(self.names[:SHOWN])
        }
        if len(self.names) > SHOWN:
            facts[f"{len(self.names) - SHOWN} more"] = Shown("see to_frame()")
        return html_facts("LFSummary", facts, self._head())

    def _line(self, j):
        lower, upper = self.learned_interval[j]
        said = [
            f"says {listed(self.polarity[j])}" if self.polarity[j] else "never votes",
            f"coverage {fixed(self.coverage[j])}",
            f"conflicts {fixed(self.conflicts[j])}",
            f"learned accuracy {fixed(self.learned_accuracy[j])} "
            f"[{fixed(lower)}, {fixed(upper)}]",
        ]
        if self.correct is not None:
            n = self.correct[j] + self.incorrect[j]
            said.append(f"{self.correct[j]} of {n} correct")
        if self.worse_than_chance[j]:
            said.append("worse than chance")
        return "; ".join(said)


def lf_summary(
    votes, y=None, *, names=None, label_model=None, missing_label="auto", classes=None
):
    """Say of every labelling function what it covers, how right it is, what it repeats.

    Parameters
    ----------
    votes : array-like, data frame or sparse matrix of shape (n_rows, n_functions), or \
            LongVotes
        Labels; -1, None, NaN or nothing where a function abstains. A sparse matrix
        holds the number of the class plus one.
    y : array-like of shape (n_rows,), default=None
        Known labels, missing (None, NaN, among numbers -1) where unknown.
    names : list of shape (n_functions,), default=None
        Names of the functions; None takes the columns of a frame, or numbers.
    label_model : label model, default=None
        Gives the learned accuracies and the truth by which functions are compared. None
        is :class:`LabelModel`. It is cloned, and sees no label.
    missing_label : "auto", None or label, default="auto"
        What abstains beside missing cells: "auto" takes blank texts, and -1 among
        numbers.
    classes : array-like of shape (n_classes,), default=None
        All labels there may be; None takes those in votes and y. Where votes are
        numbers, text names them: pass ``classes_`` of what made the votes.

    Returns
    -------
    summary : LFSummary

    Raises
    ------
    ValueError
        If y has another number of rows, or labels of another kind.

    Warns
    -----
    UnfitLabelModelWarning
        If the label model contradicts most votes: what is learned is worth nothing.

    Notes
    -----
    Two functions are redundant if they say the same on more rows than the truth
    explains (Mantel-Haenszel test given the posterior of the label model, Holm over all
    pairs, p < .05), on five or more, and at least half of the votes of the one with
    fewer, beyond those expected, are votes of the other too. Functions that look for
    words which stand together are redundant in this sense, rightly: a label model that
    takes them for independent counts their evidence twice.

    The learned accuracy is wrong where most functions are wrong together, and its
    interval, set on annotators, then covers too seldom. Prefer the empirical one from
    some 50 labels on.

    Examples
    --------
    >>> from skdataquality.weak_supervision import lf_summary
    >>> votes = [[1, 1, -1], [0, 0, 1], [1, 1, 0], [-1, -1, 0], [0, 0, 0]]
    >>> summary = lf_summary(votes, y=[1, 0, 1, 0, 0], names=["a", "b", "c"])
    >>> summary.to_frame()[["Polarity", "Coverage", "Conflicts", "Emp. Acc."]]
      Polarity  Coverage  Conflicts  Emp. Acc.
    a   [0, 1]       0.8        0.4        1.0
    b   [0, 1]       0.8        0.4        1.0
    c   [0, 1]       0.8        0.4        0.5
    """
    votes = read_votes(votes, missing_label=missing_label, classes=classes)
    names = _names(names, votes)
    votes, gold = read_gold(
        y, votes, missing_label=missing_label, fixed=classes is not None
    )
    model = LabelModel() if label_model is None else label_model
    model = fitted(model, votes, warns=(UnfitLabelModelWarning,))
    posterior = model.predict_proba(votes)
    said = votes.one_hot.sum(axis=0).reshape(votes.n_sources, votes.n_classes)
    learned = np.asarray(model.accuracies_, dtype=float)
    learned_ends = np.asarray(model.accuracies_interval_, dtype=float)
    known, prior = {}, model.class_prior_
    if y is not None:
        known, prior = _against(votes, gold)
    n_said = said.sum(axis=1)
    chance = np.where(n_said > 0, said @ prior / np.maximum(n_said, 1), np.nan)
    return LFSummary(
        names=names,
        polarity=[votes.classes[line > 0].tolist() for line in said],
        **_rows_of(votes),
        learned_accuracy=learned,
        learned_interval=learned_ends,
        chance=chance,
        worse_than_chance=_worse(votes, model, learned_ends, chance, known),
        redundant=_redundant(votes, posterior, names),
        n_rows=votes.n_rows,
        n_covered=int(votes.covered.sum()),
        **known,
    )


def _names(names, votes):
    names = votes.sources.tolist() if names is None else list(names)
    if len(names) != votes.n_sources:
        raise ValueError(
            f"names has {len(names)} names and votes {votes.n_sources} columns: pass "
            f"one name for each."
        )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"names holds {printable(twice)} twice: name each once.")
    return names


def _rows_of(votes):
    """Shares of rows that each source votes on, with others, against others."""
    per_row = np.bincount(votes.row, minlength=votes.n_rows)
    same = votes.counts()[votes.row, votes.code]
    n = per_row[votes.row]
    of_votes = {"coverage": n > 0, "overlaps": n > 1, "conflicts": n > same}
    m = votes.n_sources
    return {
        name: np.bincount(votes.source, mask, m) / votes.n_rows
        for name, mask in of_votes.items()
    }


def _against(votes, gold):
    """Compare with known labels; also the shares of the classes among them."""
    is_known = gold[votes.row] >= 0
    right = is_known & (gold[votes.row] == votes.code)
    m = votes.n_sources
    n = np.bincount(votes.source, is_known, m).astype(np.intp)
    correct = np.bincount(votes.source, right, m).astype(np.intp)
    accuracy = np.where(n > 0, correct / np.maximum(n, 1), np.nan)
    share = np.bincount(gold[gold >= 0], minlength=votes.n_classes)
    return {
        "correct": correct,
        "incorrect": n - correct,
        "empirical_accuracy": accuracy,
        "empirical_interval": np.column_stack(clopper_pearson(correct, n)),
    }, share / max(share.sum(), 1)


def _worse(votes, model, learned_ends, chance, known):
    """Functions below chance: by known labels, or else by what the others say."""
    with np.errstate(invalid="ignore"):
        is_worse = learned_ends[:, 1] < chance
    evidence = VoteEvidence(votes, model.confusion_, model.class_prior_)
    is_worse[skills(evidence).worse(LEVEL)] = True
    if not known:
        return is_worse
    is_known = known["correct"] + known["incorrect"] > 0
    below = known["empirical_interval"][:, 1] < chance
    return np.where(is_known, below, is_worse)


def _redundant(votes, posterior, names):
    pairs = repeated_votes(votes, posterior)
    enough = (pairs.same >= FEWEST_SAME) & (pairs.repeated >= LEAST_REPEATED)
    some = np.flatnonzero(enough & (pairs.p_value < LEVEL))
    return [
        {
            "first": names[pairs.first[i]],
            "second": names[pairs.second[i]],
            "same": int(pairs.same[i]),
            "expected": float(pairs.expected[i]),
            "repeated": float(pairs.repeated[i]),
            "z": float(pairs.z[i]),
            "p_value": float(pairs.p_value[i]),
        }
        for i in some[np.lexsort((some, -pairs.repeated[some]))].tolist()
    ]
