"""Distribution shift: density ratios beside the true ones, and how fast they come.

Quality: designs whose true ratio is known. Models and constants were chosen on one half
of the designs ("tune"), on other seeds as well, and are reported on the other; on the
Gaussian designs also the accuracy, on target rows, of a misspecified logistic
regression fitted with the weights. Speed: seconds of one processor, interleaved; the
peer is not included (``pip install densratio``).
"""

from benchmarks.shift import density_ratio

PARTS = {
    "density_quality": density_ratio.QUALITY,
    "density_speed": density_ratio.SPEED,
}
