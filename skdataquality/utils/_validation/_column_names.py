"""Names of columns that models take, none of them twice."""

from collections import Counter

from skdataquality.utils._frames import column_names, is_frame


def refuse_mixed_names(X, name="X"):
    """Refuse column names of which some are text."""
    names = column_names(X) if is_frame(X) else []
    kinds = sorted({type(name).__name__ for name in names})
    if len(kinds) > 1 and "str" in kinds:
        raise ValueError(
            f"{name} has column names of different types ({', '.join(kinds)}), which "
            f"models do not take: make them text, {name}.columns = "
            f"{name}.columns.astype(str)."
        )


def refuse_repeated_columns(columns, name):
    """Refuse columns of a table of which two have the same name."""
    repeated = sorted(str(name) for name, n in Counter(columns).items() if n > 1)
    if repeated:
        raise ValueError(
            f"{name} has repeated column names {repeated}: rename or drop the repeats."
        )
