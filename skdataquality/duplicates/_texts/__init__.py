"""Pairs of texts that share most of their character n-grams."""

from skdataquality.duplicates._texts._chance import chance_similarity
from skdataquality.duplicates._texts._similar_texts import TextPairs, similar_texts
