"""What a fitted pipeline did to each training row, step by step."""

from skdataquality.provenance._lineage._pipeline_lineage import (
    pipeline_lineage,
    traced_steps,
)
from skdataquality.provenance._lineage._steps import TracedStep
from skdataquality.provenance._lineage._tracked_pipeline import TrackedPipeline
