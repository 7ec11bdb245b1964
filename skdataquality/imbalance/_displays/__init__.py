"""Plots of classes, of how well each is found, and of thresholds."""
