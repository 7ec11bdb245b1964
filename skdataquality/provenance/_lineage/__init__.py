"""What a fitted pipeline did to each training row, step by step."""

from skdataquality.provenance._lineage._steps import TracedStep
