"""What to label next: strategies, curation and review, beside the peers.

Strategies: area under the learning curve of what each one asks for, less that of random
rows. Bank marketing, mammography, electricity, gas sensors and text messages are in the
folder that ``--data`` names, and left out without; so are peers that are not installed.
"""

from benchmarks._problem import Part
from benchmarks.active_learning import (
    pool,
    speed,
    strategies,
)

PARTS: dict[str, Part] = {
    "speed": speed.PART,
    "speed_large": speed.LARGE,
    "strategies": strategies.PART,
    "pool": pool.CLEAN,
    "pool_planted": pool.POWER,
    "pool_speed": pool.SPEED,
}
