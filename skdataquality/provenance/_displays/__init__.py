"""Figures of where errors come from."""
