"""Where the problems come from: rates by source, and the diagnosis of a bad source."""

from skdataquality.provenance._lens import (
    ProvenanceLensResult,
    ResidualProvenanceLensResult,
    provenance_lens,
    residual_provenance_lens,
)
from skdataquality.provenance._lineage import (
    TracedStep,
    TrackedPipeline,
    pipeline_lineage,
    traced_steps,
)
from skdataquality.provenance._rates import error_rates_by_source
from skdataquality.provenance._trail import AuditTrail

__all__ = [
    "AuditTrail",
    "ProvenanceLensResult",
    "ResidualProvenanceLensResult",
    "TracedStep",
    "TrackedPipeline",
    "error_rates_by_source",
    "pipeline_lineage",
    "provenance_lens",
    "residual_provenance_lens",
    "traced_steps",
]
