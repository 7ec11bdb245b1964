"""Distances to rows that are picked one by one, in memory of a few numbers a row."""

from skdataquality.active_learning._geometry._clusters import fit_clusters
from skdataquality.active_learning._geometry._farthest import pick_farthest
from skdataquality.active_learning._geometry._near_copies import (
    usual_radius,
    without_near_copies,
)
from skdataquality.active_learning._geometry._nearest_gradient import NearestGradient
from skdataquality.active_learning._geometry._nearest_pick import NearestPick
from skdataquality.active_learning._geometry._parts import one_of_each_part
from skdataquality.active_learning._geometry._spread import draw_spread
