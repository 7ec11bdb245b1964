"""The estimator that attributes errors to sources, pairs of them and times."""
