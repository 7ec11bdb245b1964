"""From labels to numbers of classes, and from votes to a table of them."""

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import missing_mask
from skdataquality.utils._printable import printable
from skdataquality.utils._validation import as_label_array, encode_labels
from skdataquality.weak_supervision._votes import is_blank

ABSTAIN = -1
SPARSE_BELOW = 0.1  # share of cells with a vote: then CSR is half as large, or less
FEWEST_CELLS = 1_000_000  # a smaller table is dense whatever its coverage


def classes_of(functions, answers, classes, y):
    """Return the sorted classes: those passed, those of y, or those voted for.

    Where y is missing in some rows, the classes voted for are added to those of y.
    """
    if classes is not None:
        return _passed(classes)
    given, is_whole = (set(), False) if y is None else _labels_in(y)
    if is_whole:
        return encode_labels(y)[0]
    seen = {label: number for number, a in enumerate(answers) for label in a.labels}
    labels = _without_abstaining(given | set(seen))
    kinds = {isinstance(label, str): label for label in labels}
    if len(kinds) == 2:
        raise ValueError(_mixed(kinds[True], kinds[False], functions, seen))
    if False in kinds and not _all_booleans(labels):
        labels = {int(label) for label in labels}
    if not labels:
        raise ValueError(
            "functions voted for no row of X, so the classes are unknown: pass "
            "classes=[...], or rows on which they vote."
        )
    return encode_labels(np.array(sorted(labels)), name="votes")[0]


def _passed(classes):
    labels = as_label_array(classes, name="classes")
    if labels.size == 0:
        raise ValueError("classes is empty: list the labels that functions may return.")
    present = np.unique(labels)
    if present.size < labels.size:
        raise ValueError(
            f"classes must list each class once, got {classes!r}: remove repeats."
        )
    return present


def _labels_in(y):
    """Return the set of labels of y, and whether every row has one."""
    cells = np.asarray(y if hasattr(y, "dtype") else np.array(y, dtype=object))
    if cells.ndim != 1:
        return set(), True  # y is refused, or a column
    known = ~missing_mask(cells)
    if not known.any():
        return set(), False
    cells = cells[known].tolist() if cells.dtype.kind == "O" else cells[known]
    present = set(encode_labels(cells)[0].tolist())
    labels = _without_abstaining(present, "y")
    return labels, bool(known.all()) and labels == present


def _all_booleans(labels):
    return all(isinstance(label, bool | np.bool_) for label in labels)


def _without_abstaining(labels, name="functions"):
    """Leave out blank texts and -1, which abstain, unless only 1 is beside -1."""
    labels = {label for label in labels if not is_blank(label)}
    if ABSTAIN not in labels:
        return labels
    others = labels - {ABSTAIN}
    if others == {1}:
        raise ValueError(
            f"{name} holds the labels -1 and 1 alone, and -1 may be a class or stand "
            f"for none: pass classes=[-1, 1], or classes=[0, 1] if -1 abstains."
        )
    return others


def _mixed(text, number, functions, seen):
    """Say who votes for text and who for numbers."""
    by = {
        label: f"function {functions[seen[label]].name!r}" if label in seen else "y"
        for label in (text, number)
    }
    return (
        f"labels are of different types: {printable(repr(text))} of {by[text]}, "
        f"{number!r} of {by[number]}. Return labels of one type."
    )


def votes_of(function, answers, classes):
    """Return rows and class numbers of the votes of one function.

    Raises a ValueError at a label that is none of the classes; -1 and blank texts
    abstain unless they are among them.
    """
    number = {label: code for code, label in enumerate(classes.tolist())}
    number.setdefault(ABSTAIN, ABSTAIN)
    code_of = np.empty(len(answers.labels), dtype=np.intp)
    for at, label in enumerate(answers.labels):
        if label not in number and is_blank(label):
            label = ABSTAIN
        if label not in number:
            row = answers.rows[answers.codes == at][0]
            raise ValueError(
                f"labelling function {function.name!r} voted for "
                f"{printable(repr(label))} at row {row} (from 0), which is none of the "
                f"classes {classes.tolist()[:10]}: mend it, or pass classes=[...]."
            )
        code_of[at] = number[label]
    codes = code_of[answers.codes]
    is_vote = codes != ABSTAIN
    return (
        (answers.rows, codes)
        if is_vote.all()
        else (answers.rows[is_vote], codes[is_vote])
    )


def vote_table(votes, n_rows, n_classes, *, sparse_output):
    """Return votes as an array with -1 for none, or as CSR of class numbers + 1."""
    n_cells, n_votes = n_rows * len(votes), sum(rows.size for rows, _ in votes)
    dtype = np.int8 if n_classes <= np.iinfo(np.int8).max else np.int16
    is_low = n_cells >= FEWEST_CELLS and n_votes < SPARSE_BELOW * n_cells
    if sparse_output is True or (sparse_output == "auto" and is_low):
        return _as_sparse(votes, n_rows, dtype)
    table = np.full((n_rows, len(votes)), ABSTAIN, dtype=dtype)
    for column, (rows, codes) in enumerate(votes):
        table[rows, column] = codes
    return table


def _as_sparse(votes, n_rows, dtype):
    starts = np.r_[0, np.cumsum([rows.size for rows, _ in votes])]
    rows = np.concatenate([rows for rows, _ in votes])
    codes = np.concatenate([codes for _, codes in votes]).astype(dtype) + dtype(1)
    columns = sp.csc_array((codes, rows, starts), shape=(n_rows, len(votes)))
    return columns.tocsr()
