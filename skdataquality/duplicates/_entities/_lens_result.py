"""What the lens of rows that belong together returns."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from skdataquality.utils._lens import LensResult, Number

VERDICT_OF = {
    "apart": "clear",
    "sorted": "clear",
    "covered": "clear",
    "entities": "found",
    "series": "found",
    "perhaps": "suspect",
    "closed": "suspect",
    "named_only": "cannot tell",
    "unseen": "cannot tell",
}
REASONS = {
    "apart": "No column names entities whose rows are alike, and rows do not resemble "
    "their neighbours.",
    "sorted": "Rows resemble their neighbours as far as sorting by {column} makes "
    "them, and no further.",
    "covered": "Groups keep together what belongs together: no other column names "
    "entities whose rows are alike, and rows of different groups do not resemble their "
    "neighbours.",
    "entities": "{entities} values of {column} stand for {rows} rows each that "
    "resemble each other{also}: random folds show a model rows of those it is tested "
    "on.",
    "perhaps": "Rows that share one of {entities} values of {column} resemble "
    "each other: they belong together if it names who or what was measured, and do not "
    "if it is a category. Cannot tell: name the column in groups= if it does.",
    "closed": "{share} of the rows stand in groups of {size} that are nearer to each "
    "other than to any other row, where chance makes it {chance} at most. They "
    "may be readings of one thing each. Cannot tell: name what was measured in groups= "
    "if so.",
    "series": "Rows resemble their neighbours in {order}, most in {column} (by "
    "{most:.2f}), over about {length} row(s): a series, or readings of one thing that "
    "stand together. Random folds show a model the rows beside those it is tested on.",
    "unseen": "Too little to compare: that takes {fewest} rows, and columns that vary "
    "and by which the table is not sorted.",
    "named_only": "{column} is called like a name of entities, but too few rows tell "
    "whether those of one resemble each other: if they do, name it in groups=.",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class EntityLensResult(LensResult):
    """What :func:`entity_lens` returns; see ``LensResult`` for the other fields.

    Attributes
    ----------
    groups : ndarray of shape (n_samples,), int, or None
        First row of the entity, or of the block of neighbours, of each row: pass it as
        ``groups``. None where nothing was found. Not part of ``to_dict``.
    column : str, int or None
        The column that names the entities.
    part : str or None
        What of its texts names them, None if it is the whole: "the folder of".
    """

    name: ClassVar[str] = "entities"
    title: ClassVar[str] = "Rows that belong together"
    reasons: ClassVar[dict[str, str]] = REASONS
    units: ClassVar[dict[str, Number]] = {
        "entities": Number("entities", counts="different values of the column"),
        "rows_per_entity": Number("rows"),
        "entity_similarity": Number("intraclass correlation"),
        "neighbour_similarity": Number("correlation of neighbouring rows"),
        "neighbour_length": Number("rows", counts="over which neighbours are alike"),
        "closed_share": Number(
            "share of rows",
            counts="in the groups of one size that "
            "are nearer to each other than to any other row",
        ),
        "closed_size": Number("rows"),
        "score_random_folds": Number("accuracy, or R2 of a quantity", "higher"),
        "score_entity_folds": Number("accuracy, or R2 of a quantity", "higher"),
        "inflation": Number("accuracy, or R2 of a quantity", "lower"),
    }

    groups: np.ndarray | None = field(default=None, repr=False)
    column: str | int | None = None
    part: str | None = None

    def _moved_fields(self, rows, n_rows):
        if self.groups is None:
            return {}
        groups = np.arange(n_rows)
        groups[rows] = rows[self.groups]
        return {"groups": groups}
