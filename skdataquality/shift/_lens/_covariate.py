"""Do features differ, by enough to matter? What the tests say, as a part."""

from skdataquality.shift._lens._parts import Part
from skdataquality.utils._frames import listed

SHOWN = 5
GROUPS_SHOWN = 10
COLUMNS, GROUPS = "columns that differ most", "by group"
SAMPLED = "Features were compared in {n} training and {m} target rows, {how}."
ORDERED = (
    "Rows were compared in the order of {why}; they hardly resemble those before them."
)
SERIES = (
    "Rows resemble those before them ({why}): they are counted as the independent "
    "rows that they are worth."
)
GROUPED = "Rows of a group may resemble each other: whole groups are compared."
TOO_NARROW = (
    "Intervals of accuracy and of class shares take rows for independent: where rows "
    "resemble each other these are too narrow."
)
BY_ORDER = "time", "order"
MANY = 0.5  # of a column of independent rows .6 may be seen
UNTESTED = (
    "Not tested, for they move too slowly or differ too much between groups: {names}."
)


def covariate_part(tests):
    """Put the result of `covariate_tests` into a `Part`."""
    shown = tests.columns[:SHOWN]
    are_missing = any(test.missing.estimate for test in shown)
    evidence = {COLUMNS: [_column_line(t, are_missing) for t in shown]} if shown else {}
    if tests.groups is not None:
        evidence[GROUPS] = [_group_line(row) for row in tests.groups.table]
        evidence[GROUPS] = evidence[GROUPS][:GROUPS_SHOWN]
    limits = []
    if tests.is_sampled:
        how = "evenly spaced" if tests.dependence == "series" else "drawn at random"
        limits.append(SAMPLED.format(n=tests.n_rows, m=tests.n_target, how=how))
    if tests.dependence == "series":
        why = tests.why_series
        why = why if why in BY_ORDER else f"column {why}"
        said = SERIES if are_alike(tests) else ORDERED
        limits.append(said.format(why=why))
    if tests.dependence == "groups" and tests.groups is None:
        limits.append(GROUPED)
    if tests.untested:
        limits.append(UNTESTED.format(names=listed(tests.untested)))
    return Part(
        p_value=tests.p_value,
        p_relevant=tests.p_relevant,
        numbers={"domain_auc": tests.domain_auc, "p_covariate": tests.p_value},
        evidence=evidence,
        limits=tuple(limits),
    )


def are_alike(tests):
    """Whether rows were seen to resemble those before them or of their group."""
    by_column = tests.dependence == "series" and tests.why_series not in BY_ORDER
    return by_column or is_dependent(tests)


def is_dependent(tests):
    """Whether rows are worth much fewer independent ones."""
    if tests.dependence == "" or tests.groups is not None:
        return False
    fewest = min((test.effective_rows for test in tests.columns), default=0)
    return fewest < MANY * min(tests.n_rows, tests.n_target)


def _column_line(test, are_missing):
    missing = {"missing_difference": test.missing} if are_missing else {}
    return {
        "column": test.column,
        "distance": test.distance,
        **missing,
        "p_value": test.p_value,
    }


def _group_line(row):
    return {
        "group": row["group"],
        "rows": row["rows"],
        "target_rows": row["target_rows"],
        "domain_auc": row["domain_auc"],
        "p_value": row["p_value"],
    }
