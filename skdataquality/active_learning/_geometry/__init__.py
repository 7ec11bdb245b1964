"""Distances to rows that are picked one by one, in memory of a few numbers a row."""

from skdataquality.active_learning._geometry._farthest import pick_farthest
from skdataquality.active_learning._geometry._nearest_pick import NearestPick
