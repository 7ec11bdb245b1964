"""How long a list of flagged rows can be of which most are shown to be wrong."""

from skdataquality.label_noise._warranty._plan import WarrantyPlan
from skdataquality.label_noise._warranty._planning import plan_warranty
from skdataquality.label_noise._warranty._result import ListWarranty
