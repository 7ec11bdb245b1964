"""A diverse, balanced, duplicate-free part of a pool, by embeddings alone."""
