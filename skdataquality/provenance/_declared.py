"""What the lens of provenance declares: :data:`LENS`."""

from skdataquality.provenance._lens import ProvenanceLensResult, provenance_lens
from skdataquality.utils._lens import Lens
from skdataquality.utils._sklearn import take_rows


def _examine(inputs, known):
    """Ask which source the flagged labels come from."""
    covered = known.oof.covered
    rows = inputs.rows[covered]
    sources = {name: take_rows(v, rows) for name, v in inputs.sources.items()}
    return provenance_lens(known.flagged[covered], sources, strata=inputs.y[rows]), {}


LENS = Lens(
    result=ProvenanceLensResult,
    examine=_examine,
    measured=6,
    acts=3,
    given=("sources",),
    known=("oof", "flagged"),
    why=lambda lens: "where labels go wrong: mend the source before the rows",
)
