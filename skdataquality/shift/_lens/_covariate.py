"""Do features differ, by enough to matter? What the tests say, as a part."""

from skdataquality.shift._lens._parts import Part
from skdataquality.utils._frames import listed

SHOWN = 5
GROUPS_SHOWN = 10
COLUMNS, GROUPS = "columns that differ most", "by group"
SAMPLED = "Features were compared in {n} training and {m} target rows, {how}."
SERIES = (
    "Rows resemble those before them ({why}): they are counted as the independent "
    "rows that they are worth."
)
GROUPED = "Rows of a group resemble each other: whole groups are compared."
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
        limits.append(SERIES.format(why=why if why == "time" else f"column {why}"))
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
