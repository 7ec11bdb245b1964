"""The lenses, each declared in its room: a new one is one line here."""

from skdataquality.active_learning._declared import LENS as POOL
from skdataquality.duplicates._declared import LENS as DUPLICATES
from skdataquality.duplicates._entities_declared import LENS as ENTITIES
from skdataquality.imbalance._declared import LENS as IMBALANCE
from skdataquality.label_noise._declared import LENS as LABEL_NOISE
from skdataquality.leakage._declared import LENS as LEAKAGE
from skdataquality.provenance._declared import LENS as PROVENANCE
from skdataquality.shift._declared import LENS as SHIFT
from skdataquality.weak_supervision._declared import LENS as ANNOTATORS

LENSES = [
    LEAKAGE,
    DUPLICATES,
    ENTITIES,
    IMBALANCE,
    ANNOTATORS,
    LABEL_NOISE,
    SHIFT,
    PROVENANCE,
    POOL,
]


def measuring_order():
    """Return the lenses in the order in which they are asked."""
    return sorted(LENSES, key=lambda lens: lens.measured)


def acting_order():
    """Return the lenses in the order in which their findings are acted on."""
    return sorted(LENSES, key=lambda lens: lens.acts)
