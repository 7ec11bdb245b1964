"""Distribution shift: which candidate is chosen, and what is said of real shifts.

Selection: a search under covariate shift, whose choice is judged on labelled target
rows.
"""

from benchmarks.shift import selection

PARTS = {
    "selection": selection.PART,
}
