"""Figures of what labelling brings, and of how much of a pool is covered."""
