"""What was done to every training row, and why: :class:`AuditTrail`."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from skdataquality.lineage import Lineage
from skdataquality.provenance._lineage import traced_steps
from skdataquality.provenance._trail._acts import acts_of
from skdataquality.provenance._trail._openlineage import as_column_lineage
from skdataquality.provenance._trail._prov import as_prov
from skdataquality.provenance._trail._step_lines import step_line
from skdataquality.provenance._trail._table import columns_of, rows_made
from skdataquality.provenance._trail._weights import final_weights
from skdataquality.report._csv import to_safe_csv
from skdataquality.tables import write_raw
from skdataquality.tables._atomic import all_or_nothing
from skdataquality.utils._frames import pandas_frame
from skdataquality.utils._plain import plain
from skdataquality.utils._shown import ShownResult
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import check_same_length, check_weights

ENDINGS = (".csv", ".jsonl", ".parquet")


@dataclass(frozen=True, eq=False, repr=False)
class AuditTrail(ShownResult):
    """One line for each training row: what each step did to it, and why.

    Make it with :meth:`from_estimator`.

    Attributes
    ----------
    steps : list of dict
        In their order: ``step`` (path), ``estimator`` (class), ``parameters`` (the code
        that builds it, or why there is none), ``parameters_hash`` (SHA-256 of it),
        ``rows_in``, ``rows_out``, and the rows ``dropped``, ``repeated``,
        ``relabelled``, ``made`` and ``untraced``.
    lineage : Lineage
        Of all steps together.
    sample_weight : ndarray of shape (n_out,)
        What each row ended with, of those that the last step learned from; NaN where
        its parents are not known.
    keys : ndarray of shape (n_in,) or None
        The user's names of rows.
    acts : dict of str to ndarray of shape (n_in,)
        By step, what it did to each row in words; "" if nothing.

    See Also
    --------
    pipeline_lineage : The lineage alone.
    TrackedPipeline : Keeps what a pipeline of imbalanced-learn forgets.

    Notes
    -----
    The same data, parameters and seeds give the same trail to the byte; it holds no
    time. It tells what was done to rows, not whether that was right, and nothing of
    steps that change columns alone.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skdataquality.compose import RemediedClassifier
    >>> from skdataquality.duplicates import Deduplicator
    >>> from skdataquality.provenance import AuditTrail
    >>> X = np.array([[0.0], [1.0], [0.0], [2.0]])
    >>> model = RemediedClassifier(LogisticRegression(), Deduplicator())
    >>> trail = AuditTrail.from_estimator(model.fit(X, [0, 1, 0, 1]))
    >>> trail.to_frame()[["row", "fate", "weight", "remedy"]]
       row     fate  weight                      remedy
    0    0     kept     1.0
    1    1     kept     1.0
    2    2  dropped     0.0  dropped: duplicate of row 0
    3    3     kept     1.0
    """

    steps: list[dict]
    lineage: Lineage
    sample_weight: np.ndarray = field(repr=False)
    keys: np.ndarray | None = field(repr=False)
    acts: dict = field(repr=False)

    @classmethod
    def from_estimator(cls, fitted, X=None, y=None, *, keys=None, sample_weight=None):
        """Read the trail of a fitted pipeline or wrapper.

        Parameters
        ----------
        fitted : estimator
            As for :func:`traced_steps`.
        X, y : as fitted, default=None
            Needed where a pipeline of imbalanced-learn forgot what its steps made.
        keys : array-like of shape (n_samples,), default=None
            Names of the rows, to join trails of several runs.
        sample_weight : array-like of shape (n_samples,), default=None
            Weights that it was fitted with.

        Returns
        -------
        trail : AuditTrail

        Raises
        ------
        ValueError
            If the rows cannot be followed, or arrays differ in length.
        """
        steps = traced_steps(fitted, X, y)
        n_in = _rows_in(steps, X, keys, sample_weight)
        lineage = Lineage.identity(n_in)
        acts: dict[str, np.ndarray] = {}
        lines = []
        for step in steps:
            acts[_free(step.name, acts)] = acts_of(step, lineage.origin, n_in)
            lines.append(step_line(step, list(acts)[-1]))
            lineage = lineage.then(step.lineage)
        sample_weight = check_weights(sample_weight, n_in)
        return cls(
            steps=lines,
            lineage=lineage,
            sample_weight=final_weights(steps, n_in, sample_weight),
            keys=None if keys is None else _as_they_are(keys),
            acts=acts,
        )

    def place_of(self, step):
        """Return the place of a step by its name, from 1; 0 for none."""
        names = [line["step"] for line in self.steps]
        return names.index(step) + 1 if step in names else 0

    def to_frame(self):
        """Return a line for each row of the table, then one for each row made.

        Returns
        -------
        frame : pandas.DataFrame
            ``row`` (input row; -1 for a row that was made), ``key`` if keys were given,
            ``fate`` ("kept", "relabelled", "dropped", "synthetic", "untraced"),
            ``copies`` (training rows that it became), ``weight`` (their sum; 0 if it
            was dropped), ``step`` and ``reason`` of the change (""), ``reference_row``
            (-1), ``parents`` of a row that was made ("3 7"), and a column for each
            step.

        Raises
        ------
        ImportError
            If pandas is missing; it comes with the extra ``cli``.
        """
        columns = columns_of(self)
        return pandas_frame(columns, "AuditTrail.to_frame", "AuditTrail.to_dict")

    def to_dict(self):
        """Return the trail as plain lists, numbers and text, ready for JSON.

        Returns
        -------
        trail : dict
            ``steps`` as they are, and ``rows``: the columns of :meth:`to_frame`, each a
            list. A weight that is not known is None.
        """
        return plain({"steps": self.steps, "rows": columns_of(self)})

    def write(self, path, *, overwrite=False):
        """Write the table to a file that is complete or not there at all.

        Parameters
        ----------
        path : str or path-like
            Ending in ``.csv`` (what a spreadsheet would run is marked), ``.parquet`` or
            ``.jsonl``.
        overwrite : bool, default=False

        Returns
        -------
        path : pathlib.Path

        Raises
        ------
        ValueError
            If the ending is unknown.
        FileExistsError
            If the file exists and is not to be overwritten.
        ImportError
            If pandas or pyarrow, the extra ``cli``, is missing.
        """
        path = Path(path)
        if path.suffix.lower() not in ENDINGS:
            raise ValueError(
                f"{path} ends in none of {', '.join(ENDINGS)}: pass a name that does."
            )
        frame = self.to_frame()
        if path.suffix.lower() == ".csv":
            with all_or_nothing(overwrite=overwrite) as place:
                place(path).write_text(
                    to_safe_csv(frame), encoding="utf-8", newline="\n"
                )
            return path
        import pyarrow as pa

        if self.keys is not None and len({*map(type, self.keys.tolist())}) > 1:
            # which no column of such a file holds side by side
            n_made = rows_made(self.lineage).size
            frame["key"] = [*map(str, self.keys), *[None] * n_made]
        table = pa.Table.from_pandas(frame, preserve_index=False)
        return write_raw(table, path, overwrite=overwrite)

    def to_prov(self, *, rows=True):
        """Return the trail in the words of W3C PROV.

        Parameters
        ----------
        rows : bool, default=True
            Whether rows that were dropped, relabelled or made are entities of their
            own; False: tables and steps alone.

        Returns
        -------
        document : prov.model.ProvDocument
            ``document.serialize(format="json")`` or ``"provn"`` writes it.

        Raises
        ------
        ImportError
            If prov, the extra ``prov``, is missing.
        """
        return as_prov(self, rows=rows)

    def to_openlineage(self, columns, *, namespace, dataset, label=None):
        """Return OpenLineage's facet of column lineage, ready for JSON.

        Parameters
        ----------
        columns : sequence of str
            Features of the table.
        namespace, dataset : str
            Names of the table, as OpenLineage has them.
        label : str, default=None
            Name of the column of labels.

        Returns
        -------
        facets : dict
            One key, ``columnLineage``, for the ``facets`` of an output dataset.
        """
        names = [str(column) for column in columns]
        return as_column_lineage(
            self, names, namespace=namespace, dataset=dataset, label=label
        )


def _as_they_are(keys):
    """Names as an array; numpy makes text of ['a', 1], and a table of tuples."""
    if hasattr(keys, "dtype"):
        return np.asarray(keys)
    return np.fromiter(keys, dtype=object, count=len(keys))


def _rows_in(steps, X, keys, sample_weight):
    """Rows that the first step was given; arrays of the user must have as many."""
    given = {"X": X, "keys": keys, "sample_weight": sample_weight}
    known = [value for value in given.values() if value is not None]
    check_same_length(**given)
    if steps:
        n_in = steps[0].lineage.n_in
        if known and num_samples(known[0]) != n_in:
            name = next(name for name, value in given.items() if value is not None)
            raise ValueError(
                f"{name} has {num_samples(known[0])} rows, and the estimator was "
                f"fitted on {n_in}: pass those that it was fitted on."
            )
        return n_in
    if not known:
        raise ValueError(
            "the estimator holds no step that edits rows, so it does not know how many "
            "there were: pass X."
        )
    return num_samples(known[0])


def _free(name, taken):
    """Name of a column for a step, not one of the table's own."""
    own = {"row", "key", "fate", "copies", "weight", "step", "reason", "parents"}
    while name in taken or name in own or name == "reference_row":
        name += "_"
    return name
