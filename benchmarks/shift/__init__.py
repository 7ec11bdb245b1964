"""Shifts: what is expected of a model on target rows, beside what it scores there."""

PARTS: dict = {}
