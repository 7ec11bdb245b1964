"""Tables of classes: how healthy each is, and which are confused."""

from skdataquality.label_noise._classes._class_table import (
    check_at_least_one,
    check_joint,
    check_joint_classes,
    classes_and_joint,
    lines_of,
)
from skdataquality.label_noise._classes._confusions import (
    confusing_pairs,
    overlap_table,
    overlapping_classes,
    pair_table,
)
from skdataquality.label_noise._classes._health import (
    class_health,
    health_table,
    label_health_score,
)
