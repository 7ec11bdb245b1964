"""Training data unlike the data met in use: what is found, estimated and mended.

Label: class shares of target rows, estimated by each method, and what moving
predictions to them is worth. Digits, wine and breast cancer are drawn by class from
rows not trained on, synthetic tables by design; the shares are drawn (Dirichlet), one
class has half of the rows, or a rare class becomes frequent or rarer. Constants were
chosen on the half "tuning" and are judged on the half "report", of other seeds.
"""

from benchmarks.shift import label_shift

PARTS = {"label": label_shift.PART}
