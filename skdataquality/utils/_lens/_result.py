"""What every lens returns: :class:`LensResult`."""

from dataclasses import asdict, dataclass, field, fields, is_dataclass
from math import isnan
from numbers import Real
from pickle import dumps
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator

from skdataquality.utils._code import code_or_reason
from skdataquality.utils._digits import fixed
from skdataquality.utils._lens._rows import flagged_frame
from skdataquality.utils._plain import plain
from skdataquality.utils._shown import Shown, ShownResult, html_facts, on_few_lines
from skdataquality.utils._stats import Interval

VERDICTS = ("clear", "suspect", "found", "cannot tell")
OUTCOMES = ("confirmed", "refuted", "cannot tell")
REASONS = {
    "one_class": "every row has the same label, so there is nothing to tell apart",
    "one_value": "every label is the same number",
    "no_predictions": "no row has a prediction",
    "not_judged": "no label could be judged",
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Prediction(ShownResult):
    """A falsifiable sentence and how it came out on these data.

    Attributes
    ----------
    sentence : str
    outcome : {"confirmed", "refuted", "cannot tell"}
    measured : str
        The numbers behind the outcome.
    """

    sentence: str
    outcome: str
    measured: str

    def __post_init__(self):
        if self.outcome not in OUTCOMES:
            raise ValueError(f"outcome={self.outcome!r} must be one of {OUTCOMES}.")


@dataclass(frozen=True, repr=False)
class Number(ShownResult):
    """What a number of a lens counts, and which way is better, None where neither is.

    ``unit`` is such as "rows", "share of rows", "AUC", "p value"; ``given`` the input
    without which it is not measured, "target", "sources" or "votes". ``counts`` is the
    rule by which rows are counted, where another number of them goes by another rule.
    """

    unit: str
    better: str | None = None
    given: str | None = None
    counts: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class LensResult:
    """Diagnosis of one failure; results compare by value.

    Attributes
    ----------
    name, title : str
        Of the lens: a key, and a word for people.
    verdict : {"clear", "suspect", "found", "cannot tell"}
    severity : float
        In [0, 1]; higher is worse.
    reason_code : str
        What the verdict rests on: a key of ``reasons`` of its class, which hold the
        sentences; or "one_class", "one_value", "no_predictions", "not_judged".
    summary : str
        The finding in one sentence, made from the reason.
    numbers : dict of str to Interval, number or None
        None where these data have none. Nothing but numbers stands here.
    units : dict of str to Number
        What each of them counts, and which way is better.
    p_value : float or None
        Where a test decides.
    evidence : dict of str to list of dict
        Small tables, one dict per row.
    predictions : tuple of Prediction
    remedies : tuple of estimators
        Ready to use, the recommended one first.
    limits : tuple of str
        When this lens is wrong, in these data.
    named : tuple
        What the finding is about, by name: columns, classes, sources, kinds.
    evidence_rows : dict of str to int
        How many rows a table of the evidence has in full, by title, where the first
        are shown only.
    flagged : ndarray of shape (n_samples,), bool, or None
        Mask of the rows that it doubts, whatever the verdict says of them; None where
        it is not about rows, or could not ask. Not part of ``to_dict``.
    flags_rows_of : {"table", "target", None}
        Which rows ``flagged`` is about: those of the training table or of the target
        data. None: the lens flags no rows.
    review : list of dict
        One per flagged row whose label a person should check, worst first: ``row``,
        ``given``, ``suggested``, ``quality``. Not part of ``to_dict``.

    Notes
    -----
    Rows are numbered from 0, by their position: the first row of a data frame, or the
    first below the header of a file, is row 0.

    Examples
    --------
    >>> from skdataquality.base import LensResult
    >>> result = LensResult(verdict="clear", severity=0.0, summary="no repeated rows.")
    >>> result.to_dict()["verdict"]
    'clear'
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    reasons: ClassVar[dict[str, str]] = {}  # a sentence with {places} for each code
    units: ClassVar[dict[str, Number]] = {}
    flags_rows_of: ClassVar[str | None] = None
    row_tables: ClassVar[dict[str, tuple]] = {}  # of the evidence: columns of rows
    # numbers that hold although the verdict is "cannot tell", by reason code
    stands: ClassVar[dict[str, tuple]] = {}

    verdict: str
    severity: float
    summary: str
    reason_code: str = ""
    numbers: dict[str, Any] = field(default_factory=dict)
    p_value: float | None = None
    evidence: dict[str, list] = field(default_factory=dict)
    predictions: tuple = ()
    remedies: tuple = ()
    limits: tuple = ()
    named: tuple = ()
    evidence_rows: dict[str, int] = field(default_factory=dict)
    flagged: np.ndarray | None = field(default=None, repr=False)
    review: list = field(default_factory=list, repr=False)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "__repr__" not in vars(cls):  # before dataclass writes one of all fields
            cls.__repr__ = LensResult.__repr__  # type: ignore[method-assign]

    def __post_init__(self):
        if self.name and self.reason_code not in REASONS | self.reasons:
            raise ValueError(
                f"reason_code={self.reason_code!r} is none of those of the lens "
                f"{self.name}: {sorted(REASONS | self.reasons)}."
            )
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict={self.verdict!r} must be one of {VERDICTS}.")
        numbers = {
            k: v.item() if isinstance(v, np.generic) else v
            for k, v in self.numbers.items()
        }
        object.__setattr__(self, "numbers", numbers)
        for key, value in numbers.items():
            if self.name and key not in self.units:
                raise ValueError(f"numbers[{key!r}] has no unit: declare it in units.")
            if not (value is None or isinstance(value, Real | Interval)):
                raise ValueError(
                    f"numbers[{key!r}]={value!r} must be a number, an Interval or None."
                )

    @classmethod
    def sentence(cls, reason_code, **facts):
        """Return the sentence of a reason, with the facts in their places."""
        return (REASONS | cls.reasons)[reason_code].format(**facts)

    def to_frame(self, table=None):
        """Return one line for each flagged row, as many as the mask ``flagged`` has.

        Parameters
        ----------
        table : array-like or data frame of shape (n_samples, n_columns), default=None
            The table whose rows they are, whose cells then stand beside them. Of a
            sparse matrix none do.

        Returns
        -------
        frame : pandas.DataFrame
            ``row``, numbered from 0, and ``reason``; of labels ``given``,
            ``suggested`` and ``quality`` (in [0, 1], low is doubtful), worst first; of
            repeated rows ``like_row``, the row that it repeats. Then ``index``, if the
            table is a pandas data frame with one of its own, and the columns of the
            table; one with a name of these is called "... in table".

        Raises
        ------
        ValueError
            If the lens flags no rows, or the table has another number of them.
        ImportError
            If pandas is missing; it comes with the extra ``cli``.

        Examples
        --------
        >>> import numpy as np
        >>> from skdataquality.duplicates import duplicate_lens
        >>> X = np.random.default_rng(0).normal(size=(40, 2))
        >>> duplicate_lens(np.vstack([X, X[3:5]])).to_frame()
           row  like_row           reason
        0   40         3  equals row 3
        1   41         4  equals row 4
        """
        return flagged_frame(self, table)

    def _flagged_lines(self):
        """Return the columns of the flagged rows, by name."""
        rows = [] if self.flagged is None else np.flatnonzero(self.flagged).tolist()
        return {"row": rows, "reason": [self.title] * len(rows)}

    def _label_lines(self, reasons):
        """Return the columns of the rows whose label is to be reviewed, worst first."""
        keys = "row", "given", "suggested", "quality"
        lines = {key: [line[key] for line in self.review] for key in keys}
        return lines | {"reason": reasons}

    def _moved_fields(self, rows, n_rows):
        """Return further fields with rows by their numbers in a larger table."""
        return {}

    def to_dict(self):
        """Return plain lists, numbers and text, ready for JSON; remedies as code.

        ``row_columns`` names the columns of the evidence that hold row numbers.
        A remedy of which a parameter cannot be written as code is None.
        """
        out: dict[str, Any] = {"name": self.name, "title": self.title}
        out |= {f.name: getattr(self, f.name) for f in fields(self) if f.repr}
        row_columns = self.row_tables.items()
        out["row_columns"] = {k: v for k, v in row_columns if k in self.evidence}
        out["units"] = {k: asdict(self.units[k]) for k in self.numbers if self.name}
        out["predictions"] = [asdict(p) for p in self.predictions]
        out["remedies"] = [code_or_reason(remedy)[0] for remedy in self.remedies]
        return plain(out)

    def __repr__(self):
        said = f"{type(self).__name__}({self.verdict}: {self.summary!r})"
        return on_few_lines(said)

    def _repr_html_(self):
        head = f"{self.title or type(self).__name__}: {self.verdict}"
        numbers = {name: short(value) for name, value in self.numbers.items()}
        return html_facts(head, numbers, self.summary)

    def __eq__(self, other):
        if type(self) is not type(other):
            return NotImplemented
        return _same(_parts(self), _parts(other))


def short(value):
    """Write a number of a lens in few digits, with its interval."""
    if value is None:
        return Shown("not measured")
    if isinstance(value, Interval):
        return value.short()
    return Shown(fixed(value))


def _parts(value):
    return {f.name: getattr(value, f.name) for f in fields(value)}


def _same(first, second):
    """Whether two values are equal, NaN equal to NaN, estimators by parameters."""
    if type(first) is not type(second):
        return False
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(
            _same(value, second[key]) for key, value in first.items()
        )
    if isinstance(first, list | tuple):
        return len(first) == len(second) and all(map(_same, first, second))
    if isinstance(first, np.ndarray):
        return np.array_equal(first, second, equal_nan=first.dtype.kind == "f")
    if isinstance(first, BaseEstimator):
        return _same(first.get_params(deep=False), second.get_params(deep=False))
    if is_dataclass(first):
        return _same(_parts(first), _parts(second))
    if isinstance(first, float) and isnan(first):
        return isnan(second)
    if type(first).__eq__ is object.__eq__ or hasattr(first, "dtype"):
        return dumps(first) == dumps(second)  # random states, splitters, tables
    return bool(first == second)


def cannot_tell(result_type, reason_code, **facts):
    """Return the result of a lens that these data cannot answer."""
    return result_type(
        verdict="cannot tell",
        severity=0.0,
        reason_code=reason_code,
        summary=result_type.sentence(reason_code, **facts),
    )
