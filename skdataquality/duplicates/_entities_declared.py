"""What the lens of rows that belong together declares: :data:`LENS`."""

import numpy as np

from skdataquality.duplicates._entities import (
    EntityLensResult,
    check_given,
    judge_entities,
    price_of_folds,
    priced,
)
from skdataquality.utils._fits import default_fit, explained_failures
from skdataquality.utils._frames import (
    as_numbers,
    cell_codes,
    iterate_columns,
    select_columns,
    without_columns,
)
from skdataquality.utils._lens import Lens


def _examine(inputs, known):
    """Look for entities; what leaks names none, and of names of rows the beginnings."""
    hidden = (*_numbers_of_rows(inputs.X, known.identifying), *known.leaking)
    given = check_given(
        without_columns(inputs.X, hidden),
        inputs.y,
        groups=inputs.groups,
        time=inputs.time,
    )
    return judge_entities(*given, copies=known.twins), {}


def _numbers_of_rows(X, identifying):
    """Return the columns that number rows; texts may begin with a name of several."""
    if not identifying:
        return []
    columns = iterate_columns(select_columns(X, identifying))
    return [name for name, values in columns if as_numbers(values) is not None]


def _look_again(lens, inputs, known):
    """Score the model by folds that keep together what belongs together."""
    by_random_folds = inputs.cv is None or isinstance(inputs.cv, int | np.integer)
    if lens.groups is None or known.oof is None or not by_random_folds:
        return lens
    groups = cell_codes(lens.groups[inputs.rows])
    if np.unique(groups).size < 2:
        return lens
    X, _ = inputs.model_tables(known.withheld)
    with default_fit(not inputs.is_given), explained_failures(inputs.estimator, X):
        price = price_of_folds(
            inputs.estimator,
            X,
            inputs.labels,
            groups,
            user_groups=inputs.modelled_groups,
            random=known.oof,
            is_number=inputs.label_kind == "numbers",
            cv=inputs.cv,
            duplicate_groups=None if known.twins is None else known.twins[inputs.rows],
            n_repeats=inputs.n_repeats,
            n_jobs=inputs.n_jobs,
            random_state=inputs.seed,
        )
    return lens if price is None else priced(lens, price)


def _why(lens):
    if lens.reason_code == "series":
        return (
            "before any score: time-ordered folds, or groups=entity_lens(X).groups, "
            f"blocks of rows longer than {lens.numbers['neighbour_length']}"
        )
    when = "" if lens.verdict == "found" else ", if they belong together"
    return (
        f"before any score{when}: {_groups_of(lens)}, so that folds keep them together"
    )


def _groups_of(lens):
    """Say how to pass the groups on."""
    if lens.reason_code == "closed":
        return "groups=entity_lens(X).groups"
    if lens.part is not None:
        return "groups=entity_groups(X).groups"
    name = lens.column
    cells = f"X[{name!r}]" if isinstance(name, str) else f"X[:, {name}]"
    return f"groups={name!r} here and groups={cells} in scikit-learn"


def _expect(lens):
    first, second = (
        lens.numbers[f"score_{folds}_folds"] for folds in ("random", "entity")
    )
    if first is None:
        return None
    score = lens.predictions[-1].measured.split()[0]
    both = f"{first.estimate:.3f} to {second.estimate:.3f}"
    if lens.predictions[-1].outcome == "confirmed":
        return f"the held-out {score} falls from {both}, that of new entities."
    return f"the held-out {score} goes from {both}, which may be chance."


LENS = Lens(
    result=EntityLensResult,
    examine=_examine,
    again=_look_again,
    measured=2.5,
    acts=2.5,
    why=_why,
    expect=_expect,
)
