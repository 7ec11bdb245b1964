"""Rows of a test set that training rows repeat, and what they do to a score."""

from skdataquality.duplicates._leaks._leakage_report import leakage_report
from skdataquality.duplicates._leaks._report import LeakageReport
