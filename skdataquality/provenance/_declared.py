"""What the lens of provenance declares: :data:`LENS`."""

import numpy as np

from skdataquality.provenance._lens import ProvenanceLensResult, provenance_lens
from skdataquality.provenance._number_lens import residual_provenance_lens
from skdataquality.utils._lens import Lens
from skdataquality.utils._sklearn import take_rows


def _examine(inputs, known):
    """Ask which source the flagged labels come from, or numbers that lie apart."""
    is_number = inputs.label_kind == "numbers"
    covered = known.oof.covered
    if is_number:
        covered = np.isfinite(known.residuals)
    rows = inputs.rows[covered]
    sources = {name: take_rows(v, rows) for name, v in inputs.sources.items()}
    if is_number:
        lens = residual_provenance_lens(
            known.residuals[covered],
            sources,
            scale=known.noise_scale[covered],
            flags=known.flagged[covered],
        )
        return lens, {}
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
