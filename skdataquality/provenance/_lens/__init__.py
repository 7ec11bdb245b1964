"""The diagnosis of sources that hold more errors than they should."""

from skdataquality.provenance._lens._lens import (
    ProvenanceLensResult,
    provenance_lens,
)
from skdataquality.provenance._lens._number_lens import (
    ResidualProvenanceLensResult,
    residual_provenance_lens,
)
