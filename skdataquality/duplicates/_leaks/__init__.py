"""Rows of a test set that training rows repeat, and what they do to a score."""
