"""Rare classes: probabilities, decisions, samplers and slices, beside the peers."""

PARTS: dict = {}
