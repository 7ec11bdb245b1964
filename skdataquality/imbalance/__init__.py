"""Rare classes: weights for them, and the diagnosis whether they are a problem."""

from ._weighter import ClassBalanceWeighter

__all__ = ["ClassBalanceWeighter"]
