"""Pairs of texts that share most of their character n-grams."""

from skdataquality.duplicates._texts._similar import (
    TextPairs,
    chance_similarity,
    similar_texts,
)
