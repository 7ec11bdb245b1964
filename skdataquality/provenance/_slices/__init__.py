"""Pairs of values of two columns of sources that hold more errors than either."""
