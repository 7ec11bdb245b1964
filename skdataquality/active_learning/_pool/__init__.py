"""The lens for the pool: what the labelled rows do not cover."""
