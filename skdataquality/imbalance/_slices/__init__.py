"""Slices of a table in which a model fails."""
