"""Query strategies: which rows a person should label next."""

from skdataquality.active_learning._strategies._base import BaseQueryStrategy
from skdataquality.active_learning._strategies._model import class_probabilities
from skdataquality.active_learning._strategies._random import RandomQuery
from skdataquality.active_learning._strategies._uncertainty import (
    UncertaintyQuery,
    uncertainty,
)
