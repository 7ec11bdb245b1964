"""Pairs of rows within a distance: which search is fastest, and that search."""
