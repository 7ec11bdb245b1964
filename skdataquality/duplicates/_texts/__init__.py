"""Pairs of texts that share most of their character n-grams."""
