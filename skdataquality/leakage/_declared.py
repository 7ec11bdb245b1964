"""What the lens of leakage declares: :data:`LENS`."""

from skdataquality.leakage._identifiers import look_alikes
from skdataquality.leakage._lens import LeakageLensResult, leakage_lens
from skdataquality.leakage._price import price_leaks
from skdataquality.utils._frames import column_names
from skdataquality.utils._lens import Lens


def _examine(inputs, known):
    """Find the columns that no model should see."""
    target = inputs.target
    lens = leakage_lens(
        inputs.X,
        inputs.y,
        X_target=None if target is None else target.X,
        y_target=None if target is None else target.y,
        random_state=inputs.seed,
    )
    learned = {"suspected": lens.suspects, "notes": _notes(inputs.X, lens)}
    if set(lens.columns) == set(column_names(inputs.X)):
        note = "every column is named as leaking, so models see them all"
        return lens, learned | {"notes": (*learned["notes"], note)}
    return lens, learned | {"leaking": lens.leaking, "identifying": lens.identifiers}


def _notes(X, lens):
    """Name the columns that may identify somebody, and say what became of them."""
    notes = []
    if lens.identifiers:
        named = ", ".join(map(str, lens.identifiers))
        notes.append(f"left out, since they name rows: {named}")
    found = look_alikes(X, lens.columns)
    if found:
        named = ", ".join(f"{name} ({what})" for name, what in found.items())
        first = next(iter(found))
        notes.append(
            f"used as features, but they look like identifiers: {named}; "
            f"ids=[{first!r}] leaves one out, groups={first!r} also keeps its rows in "
            f"one fold"
        )
    return tuple(notes)


def _why(lens):
    if lens.reason_code in ("index", "identifying"):
        return "first: a model would learn by heart which row is which"
    if lens.reason_code == "target_overlap":
        return "first: a score on rows that the model has seen says nothing"
    if lens.suspects and not lens.leaking:
        asked = "ask when the column is filled in; drop it if after the outcome"
        if len(lens.suspects) > 1:
            asked = "ask when each column is filled in; drop it if after the outcome"
        return f"{asked}; drop what names rows" if lens.identifiers else asked
    return "first: a model that sees the answer learns nothing else"


def _expect(lens):
    is_number = lens.numbers.get("r2_with") is not None
    key, word = ("r2", "R2") if is_number else ("auc", "AUC")
    held_out, in_use = (lens.numbers.get(f"{key}_{k}") for k in ("with", "without"))
    if held_out is None or in_use is None:
        return None
    if not lens.leaking and lens.reason_code != "suspected":
        return None  # the step is about other columns than those that were priced
    before, after = f"{held_out.estimate:.3f}", f"{in_use.estimate:.3f}"
    outcome = lens.predictions[-1].outcome if lens.predictions else "refuted"
    if outcome == "confirmed":
        score = "the score to expect in use"
        if not lens.leaking:
            score += " if the column is not known by then"
        return f"the held-out {word} falls from {before} to {after}, {score}."
    both = f"the held-out {word} is {before} with and {after} without"
    if outcome == "refuted":
        return f"{both}: the other columns tell the model as much."
    return f"{both}, too close to say that it falls."


LENS = Lens(
    result=LeakageLensResult,
    examine=_examine,
    measured=1,
    acts=1,
    why=_why,
    expect=_expect,
    price=price_leaks,
    aliases={
        "cross_split_duplicates": "target_overlap_rows",
        "leaking_columns": "leaking_columns",
    },
)
