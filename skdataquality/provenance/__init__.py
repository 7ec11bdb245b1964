"""Where the problems come from: rates by source, and the diagnosis of a bad source."""

from skdataquality.provenance._attribution import (
    ErrorAttribution,
)
from skdataquality.provenance._changes import (
    ChangePoint,
    change_point,
)
from skdataquality.provenance._displays import (
    ErrorAttributionDisplay,
)
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
from skdataquality.provenance._rates import (
    error_rates_by_source,
)
from skdataquality.provenance._slices import (
    SliceTable,
    find_slices,
)
from skdataquality.provenance._trail import (
    AuditTrail,
)

__all__ = [
    "AuditTrail",
    "ChangePoint",
    "ErrorAttribution",
    "ErrorAttributionDisplay",
    "ProvenanceLensResult",
    "ResidualProvenanceLensResult",
    "SliceTable",
    "TracedStep",
    "TrackedPipeline",
    "change_point",
    "error_rates_by_source",
    "find_slices",
    "pipeline_lineage",
    "provenance_lens",
    "residual_provenance_lens",
    "traced_steps",
]
