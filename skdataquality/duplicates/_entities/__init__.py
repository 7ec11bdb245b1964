"""Rows that belong together without being copies: entities, neighbours in order."""
