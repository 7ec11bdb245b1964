"""The estimator that attributes errors to sources, pairs of them and times."""

from skdataquality.provenance._attribution._estimator import ErrorAttribution
