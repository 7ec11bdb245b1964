"""What to label next: strategies, curation and review, beside the peers."""

from benchmarks._problem import Part
from benchmarks.active_learning import pool

PARTS: dict[str, Part] = {
    "pool": pool.CLEAN,
    "pool_planted": pool.POWER,
    "pool_speed": pool.SPEED,
}
