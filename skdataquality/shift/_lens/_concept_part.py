"""Do labels go with features in another way? Only labelled target rows can say."""

import numpy as np

from skdataquality.shift._concept import concept_shift_test
from skdataquality.shift._lens._parts import Part
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._sklearn import num_samples
from skdataquality.utils._validation import missing_mask

LABELS_THAT_DECIDE = 200  # with as many, changes that matter are mostly found
FIRST = 5
MANY = 0.5  # of a column of independent rows .6 may be seen
DEPENDENT = (
    "Concept shift is not tested: rows depend on each other, and the test takes them "
    "for independent."
)
WHERE = "labels of target rows"
INVISIBLE = (
    "Concept shift (labels that go with the features in another way) is invisible "
    "without labelled target rows: label {n} of them, drawn at random{rows}."
)


def concept_part(examined, oof, tests):
    """Test labelled target rows, as a `Part`; without any there is nothing to say."""
    if not examined.n_labelled:
        return Part()
    if not _are_independent(tests):
        return Part(limits=(DEPENDENT,))
    result = concept_shift_test(
        examined.X,
        examined.y,
        X_target=examined.X_target,
        y_target=examined.y_target,
        estimator=examined.estimator,
        cv=examined.cv,
        oof=oof,
        **examined.running,
    )
    if result.reason:
        return Part(limits=(f"Concept shift cannot be told: {result.reason}.",))
    gaps = [abs(line["seen"] - line["expected"]) for line in result.regions]
    matters = oof is None or max(gaps, default=1.0) >= examined.min_effect
    return Part(
        p_value=result.p_value,
        p_relevant=result.p_value if matters else 1.0,
        numbers={"p_concept": result.p_value},
        evidence={WHERE: result.regions},
    )


def _are_independent(tests):
    """Whether rows are worth nearly as many independent ones."""
    if not tests.dependence or tests.groups is not None:
        return True
    if tests.dependence != "series":
        return False
    fewest = min((test.effective_rows for test in tests.columns), default=0)
    return fewest >= MANY * min(tests.n_rows, tests.n_target)


def rows_to_label(examined):
    """Draw target rows without a label, as many as would show a concept shift."""
    unknown = np.arange(num_samples(examined.X_target))
    if examined.y_target is not None:
        unknown = np.flatnonzero(missing_mask(np.asarray(examined.y_target)))
    n = max(0, LABELS_THAT_DECIDE - examined.n_labelled)
    rows = unknown[draw_rows(unknown.size, n, examined.random_state)] if n else []
    return tuple(int(row) for row in rows)


def say_invisible(rows):
    """Say how many target rows to label, and name the first."""
    first = ", ".join(map(str, rows[:FIRST]))
    more = ", ..." if len(rows) > FIRST else ""
    said = f" (rows {first}{more}; all in `to_label`)" if rows else ""
    return INVISIBLE.format(n=len(rows), rows=said)
