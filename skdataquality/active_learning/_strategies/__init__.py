"""Query strategies: which rows a person should label next."""

from skdataquality.active_learning._strategies._base import BaseQueryStrategy
from skdataquality.active_learning._strategies._diverse_margin import DiverseMarginQuery
from skdataquality.active_learning._strategies._random import RandomQuery
from skdataquality.active_learning._strategies._typical import TypicalRows
from skdataquality.active_learning._strategies._typicality import TypicalityQuery
from skdataquality.active_learning._strategies._uncertainty import (
    UncertaintyQuery,
    uncertainty,
)
