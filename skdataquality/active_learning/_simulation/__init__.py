"""What labelling with a strategy would have brought, beside random rows."""

from skdataquality.active_learning._simulation._power_law import PowerLaw, extrapolate
