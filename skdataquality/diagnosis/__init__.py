"""From a table to a diagnosis and a plan."""

from skdataquality.diagnosis._diagnose import diagnose
from skdataquality.diagnosis._report import DataQualityReport

__all__ = ["DataQualityReport", "diagnose"]
