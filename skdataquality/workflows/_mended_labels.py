"""A table whose labels are corrected as a person has verified them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from skdataquality.lineage import Lineage, Reason
from skdataquality.utils._frames import as_frame, missing_mask
from skdataquality.verified import check_is_verified

N_SHOWN = 5


@dataclass(frozen=True)
class MendedLabels:
    """The table with its corrected labels, and what was done to each row.

    ``is_unknown`` are rows verified wrong of which the right label is not known;
    ``label_rows`` is the row whose label each row has.
    """

    frame: Any
    cells: Any
    lineage: Lineage
    label_rows: np.ndarray
    is_verified: np.ndarray
    is_unknown: np.ndarray


def mend_labels(frame, label, cells, verified):
    """Give rows verified wrong the verified label, as another row spells it.

    ``cells`` are those of the table as they are written.
    """
    n_rows = frame.shape[0]
    label_rows = np.arange(n_rows)
    is_verified, is_unknown = np.zeros((2, n_rows), dtype=bool)
    if verified is not None:
        y = labels_to_verify(as_frame(frame), label, verified)
        is_wrong = verified.is_wrong(y)
        known = np.array([v is not None for v in verified.labels], dtype=bool)
        is_verified[verified.rows] = True
        is_unknown[verified.rows[~known]] = True
        rows = verified.rows[is_wrong & known]
        label_rows[rows] = _rows_with(verified.labels[is_wrong & known], rows, y)
    changed = label_rows != np.arange(n_rows)
    if changed.any():
        place = list(frame.columns).index(label)
        frame = _with_labels_of(frame, label, label_rows)
        cells = _with_labels_of(cells, list(cells.columns)[place], label_rows)
    lineage = Lineage.from_selection(
        np.arange(n_rows),
        n_in=n_rows,
        relabelled=changed,
        change_reason=Reason.VERIFIED,
    )
    return MendedLabels(frame, cells, lineage, label_rows, is_verified, is_unknown)


def labels_to_verify(frame, label, verified):
    """Return the labels that verified labels are about, checked to be of this table."""
    check_is_verified(verified)
    if label is None:
        raise ValueError("verified was given without a label: name its column.")
    return verified.check_table(frame[label].to_numpy())


def _rows_with(labels, rows, y):
    """Return for each label the first row that has it."""
    first: dict = {}
    labelled = np.flatnonzero(~missing_mask(y))
    for row, value in zip(labelled.tolist(), y[labelled].tolist(), strict=True):
        first.setdefault(value, row)
    unknown = [
        (row, v) for row, v in zip(rows.tolist(), labels, strict=True) if v not in first
    ]
    if unknown:
        row, value = unknown[0]
        raise ValueError(
            f"verified has {len(unknown)} label(s) that no row of the table has, first "
            f"{value!r} in row {row}; it has {list(first)[:N_SHOWN]}: mend them, or "
            f"pass None there, which says that the given label is wrong."
        )
    return [first[v] for v in labels]


def _with_labels_of(frame, name, label_rows):
    table = as_frame(frame)
    labels = table[name][label_rows.tolist()].alias(name)
    return table.with_columns(labels).to_native()
