"""Distribution shift: which candidate is chosen, and what is said of real shifts.

Selection: a search under covariate shift, whose choice is judged on labelled target
rows. Real shifts: by site, batch, period and video (``--data`` names their folder).
Handles: what it costs that target rows travel along.
"""

from benchmarks.shift import handles, real_shifts, selection

PARTS = {
    "selection": selection.PART,
    "real_shifts": real_shifts.PART,
    "handles": handles.PART,
}
