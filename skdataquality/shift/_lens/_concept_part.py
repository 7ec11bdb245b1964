"""Do labels go with features in another way? Only labelled target rows can say."""

import numpy as np

from skdataquality.shift._concept import concept_shift_test
from skdataquality.shift._lens._covariate import is_dependent
from skdataquality.shift._lens._parts import Part
from skdataquality.utils._draws import draw_rows
from skdataquality.utils._frames import missing_mask
from skdataquality.utils._sklearn import num_samples

FIRST = 10
LABELS_THAT_DECIDE = 200  # with as many, changes that matter are mostly found
DEPENDENT = (
    "Concept shift is not tested: rows depend on each other, and the test takes them "
    "for independent."
)
WHERE = "labels of target rows"
LABEL_THESE = "label these rows"
INVISIBLE = (
    "Concept shift (labels that go with the features in another way) is invisible "
    "without labelled target rows: label {n}{more} of them, drawn at random: {rows} "
    "(numbered from 0; all {n} are in the table 'label these rows')."
)
MEASURES = " Rows depend on each other, so accuracy on them is all that they tell."


def concept_part(examined, oof, tests):
    """Test labelled target rows, as a `Part`; without any there is nothing to say."""
    if not examined.n_labelled:
        return Part()
    if not are_independent(tests):
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


def are_independent(tests):
    """Whether rows are worth nearly as many independent ones."""
    if tests.dependence == "groups" and tests.groups is None:
        return False
    return not is_dependent(tests)


def rows_to_label(examined):
    """Draw target rows without a label, as many as would show a concept shift."""
    unknown = np.arange(num_samples(examined.X_target))
    if examined.y_target is not None:
        unknown = np.flatnonzero(missing_mask(np.asarray(examined.y_target)))
    n = max(0, LABELS_THAT_DECIDE - examined.n_labelled)
    rows = unknown[draw_rows(unknown.size, n, examined.random_state)] if n else []
    return tuple(int(row) for row in rows)


def say_invisible(rows, n_labelled, tests):
    """Say how many target rows to label, beside those that are."""
    more = " more" if n_labelled else ""
    said = INVISIBLE.format(n=len(rows), more=more, rows=say_rows(rows))
    return said + ("" if are_independent(tests) else MEASURES)


def say_rows(rows):
    """Name the first of some rows."""
    first = ", ".join(map(str, rows[:FIRST]))
    return f"{first}, ..." if len(rows) > FIRST else first


def lines_to_label(rows):
    """Return the table of these rows."""
    return [{"target_row": row} for row in rows]
