"""Distances to rows that are picked one by one, in memory of one number a row."""

from skdataquality.active_learning._geometry._nearest_pick import NearestPick
