"""The estimator that attributes errors to sources, pairs of them and times."""

from skdataquality.provenance._attribution._estimator import ErrorAttribution
from skdataquality.provenance._attribution._for_lens import also_by_pairs_and_time
