"""What a remedy did to each row: :class:`Lineage`.

A lineage describes one edit from ``n_in`` to ``n_out`` rows. Edits compose:
``first.then(second)`` is the edit that does both.

>>> import numpy as np
>>> from skdataquality.lineage import Lineage, Reason
>>> deduplicated = Lineage.from_selection(
...     [0, 1, 3], n_in=4, drop_reason=Reason.DUPLICATE, drop_ref=[-1, -1, 0, -1]
... )
>>> pruned = Lineage.from_selection([0, 2], n_in=3, drop_reason=Reason.LABEL_ISSUE)
>>> both = deduplicated.then(pruned)
>>> both
Lineage(4 rows in, 2 out: 2 kept, 2 dropped)
>>> both.origin
array([0, 3])
>>> [Reason(code).label for code in both.drop_reason]
['', 'label issue', 'duplicate', '']
"""

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import scipy.sparse as sp

from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._saving import (
    pack_parents,
    pack_rows,
    pack_values,
    parents_of_kept,
    unpack_parents,
    unpack_rows,
    unpack_values,
)
from skdataquality.utils._shown import ShownResult, on_few_lines

__all__ = ["SYNTHETIC", "UNTRACED", "Lineage", "Reason"]

SYNTHETIC = -1
UNTRACED = -2

_NO_REF = -1
_NO_SINGLE_REF = -2


class Reason(IntEnum):
    """Why a row was dropped or changed; stored as small integers.

    Where several copies of one row were dropped for different reasons, the smallest
    code stands for all.
    """

    NONE = 0
    DUPLICATE = 1
    LABEL_CONFLICT = 2
    LABEL_ISSUE = 3
    ZERO_WEIGHT = 4
    RESAMPLED = 5
    SYNTHETIC = 6
    TARGET_OVERLAP = 7
    VERIFIED = 8
    NO_LABEL = 9
    VOTES = 10
    TOMEK_LINK = 11
    NEAR_OTHER_CLASS = 12
    NOT_SELECTED = 13

    @property
    def label(self) -> str:
        """The reason in words; empty for ``NONE``."""
        return "" if self is Reason.NONE else self.name.lower().replace("_", " ")


@dataclass(frozen=True, eq=False, repr=False)
class Lineage(ShownResult):
    """One edit of a training set, row by row.

    Parameters
    ----------
    n_in : int
        Rows before the edit.
    origin : ndarray of shape (n_out,), int64
        Input row that each output row is; -1 synthetic (mixed from ``parents``),
        -2 untraced (the remedy did not say).
    parents : csr_array of shape (n_out, n_in)
        Row-stochastic map into input rows: one parent of weight 1 for a kept row,
        several for a synthetic row, none for an untraced one.
    relabelled : ndarray of shape (n_out,), bool
        True where the label differs from the origin's.
    drop_reason : ndarray of shape (n_in,), int8
        :class:`Reason` why the row, or a copy of it, was dropped; 0 if none was.
    drop_ref : ndarray of shape (n_in,), int64
        Input row that a dropped row refers to ("duplicate of row k"); -1 if none,
        -2 if there is no single input row to name.
    change_reason : ndarray of shape (n_out,), int8
        :class:`Reason` why an output row was changed or made; 0 if it was not.

    Notes
    -----
    Weights are no part of it: a weighter's lineage is the identity. Composition is
    associative, and the identity is neutral on both sides.
    """

    n_in: int
    origin: np.ndarray
    parents: sp.csr_array
    relabelled: np.ndarray
    drop_reason: np.ndarray
    drop_ref: np.ndarray
    change_reason: np.ndarray

    def __post_init__(self):
        if self.parents.shape != (self.n_out, self.n_in):
            raise ValueError(
                f"parents has shape {self.parents.shape}, expected "
                f"{(self.n_out, self.n_in)}: one row per output row, one column per "
                f"input row."
            )
        if self.n_out and not (
            self.origin.min() >= UNTRACED and self.origin.max() < self.n_in
        ):
            raise ValueError(
                f"origin holds rows outside [-2, {self.n_in - 1}] (smallest "
                f"{self.origin.min()}, largest {self.origin.max()}): name input rows, "
                f"-1 for synthetic or -2 for untraced ones."
            )
        for field in fields(self)[1:]:
            object.__setattr__(self, field.name, _frozen(getattr(self, field.name)))

    @classmethod
    def identity(cls, n_rows):
        """Edit that changes nothing, on ``n_rows`` rows."""
        return cls.from_selection(np.arange(n_rows), n_in=n_rows)

    @classmethod
    def from_selection(
        cls,
        origin,
        *,
        n_in,
        relabelled=None,
        altered=None,
        drop_reason=Reason.RESAMPLED,
        drop_ref=None,
        change_reason=Reason.LABEL_ISSUE,
    ):
        """Edit that keeps, repeats, drops or relabels rows but makes none.

        Parameters
        ----------
        origin : array-like of shape (n_out,)
            Input row of each output row; -2 where it is not known.
        n_in : int
        relabelled : array-like of shape (n_out,), bool, default=None
        altered : array-like of shape (n_out,), bool, default=None
            Rows whose features were changed: synthetic, with one parent.
        drop_reason : Reason or array-like of shape (n_in,)
            One reason for all dropped rows, or one per input row; rows that are not
            dropped get none.
        drop_ref : array-like of shape (n_in,), default=None
        change_reason : Reason or array-like of shape (n_out,)
            Why the relabelled rows were relabelled.

        Returns
        -------
        lineage : Lineage
        """
        origin = np.asarray(origin, dtype=np.int64)
        parents = parents_of_kept(origin, n_in)
        dropped = _not_an_origin(origin, n_in)
        relabelled = (
            np.zeros(origin.size, dtype=bool)
            if relabelled is None
            else np.asarray(relabelled, dtype=bool)
        )
        change = np.where(relabelled, change_reason, Reason.NONE)
        if altered is not None:
            altered = np.asarray(altered, dtype=bool)
            origin = np.where(altered, SYNTHETIC, origin)
            dropped = _not_an_origin(origin, n_in)
            relabelled = relabelled & ~altered
            change = np.where(altered, Reason.SYNTHETIC, change)
        return cls(
            n_in=n_in,
            origin=origin,
            parents=parents,
            relabelled=relabelled,
            drop_reason=np.where(dropped, drop_reason, Reason.NONE).astype(np.int8),
            drop_ref=np.where(
                dropped, _NO_REF if drop_ref is None else drop_ref, _NO_REF
            ).astype(np.int64),
            change_reason=change.astype(np.int8),
        )

    @property
    def n_out(self) -> int:
        """Rows after the edit."""
        return self.origin.shape[0]

    @property
    def dropped(self) -> np.ndarray:
        """Mask of shape (n_in,): input rows of which no copy is left."""
        return _not_an_origin(self.origin, self.n_in)

    @property
    def untraced(self) -> np.ndarray:
        """Mask of shape (n_out,): rows whose parents are not known."""
        return self.origin == UNTRACED

    @property
    def is_identity(self) -> bool:
        """Whether the edit leaves every row as and where it was."""
        return (
            self.n_out == self.n_in
            and not self.relabelled.any()
            and np.array_equal(self.origin, np.arange(self.n_in))
        )

    def then(self, second):
        """Compose: this edit first, ``second`` on its result.

        Parameters
        ----------
        second : Lineage
            Its ``n_in`` must be this edit's ``n_out``.

        Returns
        -------
        lineage : Lineage
            From this edit's input rows to the second's output rows. References are
            mapped back to input rows and the first reason is kept.
        """
        if second.n_in != self.n_out:
            raise ValueError(
                f"second starts from {second.n_in} rows but the first edit leaves "
                f"{self.n_out}: compose edits in the order in which they were made."
            )
        origin = np.where(
            second.origin >= 0,
            _look_up(self.origin, second.origin, UNTRACED),
            second.origin,
        )
        known = _rows_of_known_parents(self, second)
        origin = np.where(known, origin, UNTRACED)
        drop_reason, drop_ref = _merge_drops(self, second)
        first_change = _look_up(self.change_reason, second.origin, Reason.NONE)
        return Lineage(
            n_in=self.n_in,
            origin=origin,
            parents=_compose_parents(self, second, known),
            relabelled=second.relabelled
            | _look_up(self.relabelled, second.origin, False),
            drop_reason=drop_reason,
            drop_ref=drop_ref,
            change_reason=np.where(
                first_change != Reason.NONE, first_change, second.change_reason
            ).astype(np.int8),
        )

    def _facts(self):
        counts = {
            "kept": int((self.origin >= 0).sum()),
            "dropped": int(self.dropped.sum()),
            "relabelled": int(self.relabelled.sum()),
            "synthetic": int((self.origin == SYNTHETIC).sum()),
            "untraced": int(self.untraced.sum()),
        }
        sizes = {"rows in": self.n_in, "out": self.n_out}
        return sizes | {what: n for what, n in counts.items() if n}

    def __repr__(self):
        counts = list(self._facts().items())[2:]
        said = ", ".join(f"{n} {what}" for what, n in counts)
        return on_few_lines(
            f"Lineage({self.n_in} rows in, {self.n_out} out: {said or 'nothing'})"
        )

    def __getstate__(self):
        """Save what does not follow from the rest, in few bytes."""
        return {
            "n_in": self.n_in,
            "n_out": self.n_out,
            "origin": pack_rows(self.origin, self.n_in),
            "parents": pack_parents(self.parents, self.origin),
            "relabelled": pack_values(self.relabelled, False),
            "drop_reason": pack_values(self.drop_reason, Reason.NONE),
            "drop_ref": pack_values(self.drop_ref, _NO_REF),
            "change_reason": pack_values(self.change_reason, Reason.NONE),
        }

    def __setstate__(self, state):
        n_in, n_out = state["n_in"], state["n_out"]
        origin = unpack_rows(state["origin"], n_in)
        Lineage.__init__(
            self,
            n_in=n_in,
            origin=origin,
            parents=unpack_parents(state["parents"], origin, n_in),
            relabelled=unpack_values(state["relabelled"], n_out, False, bool),
            drop_reason=unpack_values(state["drop_reason"], n_in, 0, np.int8),
            drop_ref=unpack_values(state["drop_ref"], n_in, _NO_REF, np.int64),
            change_reason=unpack_values(state["change_reason"], n_out, 0, np.int8),
        )

    def to_dict(self):
        """Return the edit as plain lists and numbers, ready for JSON.

        Returns
        -------
        lineage : dict
            ``parents`` holds ``row``, ``parent`` and ``weight`` of the synthetic rows
            only; those of kept rows follow from ``origin``.
        """
        synthetic = self.parents[np.flatnonzero(self.origin == SYNTHETIC)].tocoo()
        rows = np.flatnonzero(self.origin == SYNTHETIC)[synthetic.row]
        return {
            "n_in": self.n_in,
            "n_out": self.n_out,
            "origin": self.origin.tolist(),
            "parents": {
                "row": rows.tolist(),
                "parent": synthetic.col.tolist(),
                "weight": synthetic.data.tolist(),
            },
            "relabelled": self.relabelled.tolist(),
            "dropped": self.dropped.tolist(),
            "drop_reason": _in_words(self.drop_reason),
            "drop_ref": self.drop_ref.tolist(),
            "change_reason": _in_words(self.change_reason),
        }

    def to_frame(self):
        """Return one line per output row, then one per dropped row.

        Returns
        -------
        frame : pandas.DataFrame
            Columns ``input_row`` and ``output_row`` (-1 where there is none),
            ``fate`` ("kept", "relabelled", "synthetic", "untraced", "dropped"),
            ``reason`` and ``reference_row``.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        lost = np.flatnonzero(self.dropped)
        fate = np.select(
            [self.relabelled, self.origin == SYNTHETIC, self.untraced],
            ["relabelled", "synthetic", "untraced"],
            "kept",
        )
        return pandas_frame(
            {
                "input_row": np.r_[np.maximum(self.origin, -1), lost],
                "output_row": np.r_[np.arange(self.n_out), np.full(lost.size, -1)],
                "fate": np.r_[fate, np.full(lost.size, "dropped")],
                "reason": _in_words(self.change_reason)
                + _in_words(self.drop_reason[lost]),
                "reference_row": np.r_[np.full(self.n_out, -1), self.drop_ref[lost]],
            },
            "Lineage.to_frame",
            "to_dict()",
        )


def _frozen(value):
    """Return an array, or a csr array, that can neither be changed here nor outside."""
    if sp.issparse(value):
        arrays = map(_frozen, (value.data, value.indices, value.indptr))
        return sp.csr_array(tuple(arrays), shape=value.shape)
    if value.flags.writeable:
        value = value.copy()
        value.flags.writeable = False
    return value


def _in_words(codes):
    return [Reason(code).label for code in codes]


def _not_an_origin(origin, n_in):
    mask = np.ones(n_in, dtype=bool)
    mask[origin[origin >= 0]] = False
    return mask


def _look_up(values, rows, default):
    """``values[rows]``, and ``default`` where a row is negative."""
    out = np.full(rows.shape, default, dtype=values.dtype)
    named = rows >= 0
    out[named] = values[rows[named]]
    return out


def _rows_of_known_parents(first, second):
    """Mask of output rows none of whose parents is untraced in ``first``."""
    doubt = second.parents @ first.untraced.astype(float)
    return ~second.untraced & (doubt == 0)


def _compose_parents(first, second, known):
    product = sp.csr_array(second.parents @ first.parents)
    product = sp.csr_array(sp.diags_array(known.astype(float)) @ product)
    product.eliminate_zeros()
    product.sort_indices()
    return product


def _merge_drops(first, second):
    """Join the drops of both edits, seen from the input rows of the first.

    A row may have several copies after ``first``. The reason is the smallest code of
    all its dropped copies; the reference survives only if a single drop names one.
    Both rules depend on the set of drops alone, hence composition is associative.
    """
    copies = np.flatnonzero(first.origin >= 0)
    rows = first.origin[copies]

    none = np.iinfo(np.int8).max
    reason = np.where(first.drop_reason > 0, first.drop_reason, none)
    later = second.drop_reason[copies]
    np.minimum.at(reason, rows, np.where(later > 0, later, none))

    refs = second.drop_ref[copies]
    mapped = np.where(
        refs >= 0, _look_up(first.origin, refs, _NO_SINGLE_REF), _NO_SINGLE_REF
    )
    mapped = np.where(mapped >= 0, mapped, _NO_SINGLE_REF)
    named = refs != _NO_REF
    ref = first.drop_ref.copy()
    n_named = (ref != _NO_REF) + np.bincount(rows[named], minlength=first.n_in)
    ref[rows[named]] = mapped[named]
    ref[n_named > 1] = _NO_SINGLE_REF
    return np.where(reason == none, 0, reason).astype(np.int8), ref
