"""Decisions and probabilities changed after the fit, rows untouched."""
