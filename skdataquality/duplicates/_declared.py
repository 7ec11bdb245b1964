"""What the lens of duplicates declares: :data:`LENS`."""

from skdataquality.duplicates._lens import DuplicateLensResult, duplicate_lens
from skdataquality.duplicates._remedies import Deduplicator
from skdataquality.utils._folds import join_groups
from skdataquality.utils._frames import without_columns
from skdataquality.utils._lens import Lens


def _examine(inputs, known):
    """Count equal rows; identifiers would make them look different."""
    units = join_groups(inputs.groups)  # which the user calls groups
    lens = duplicate_lens(
        without_columns(inputs.X, known.identifying), inputs.y, units=units
    )
    are_copies = lens.verdict == "found"  # what chance may make equal is not copied
    return lens, {"twins": lens.groups} if are_copies else {}


def _expect(lens):
    if not lens.remedies:
        return None
    near = lens.numbers.get("near_rows") if lens.remedies[0].near else 0
    return (
        f"{lens.numbers['repeated_rows'] + (near or 0)} fewer rows; held-out scores "
        f"stop counting rows that the model has seen, so they may fall."
    )


def _candidates(lens, **_):
    return {"deduplicate": Deduplicator()} if lens.verdict == "found" else {}


LENS = Lens(
    result=DuplicateLensResult,
    examine=_examine,
    measured=2,
    acts=2,
    why=lambda lens: "before anything that counts rows, and to keep folds honest",
    expect=_expect,
    candidates=_candidates,
    chained="deduplicate",
    aliases={"duplicate_share": "repeated_share"},
)
