"""When the rate of errors changed along time or the order of rows."""

from skdataquality.provenance._changes._change_point import change_point
from skdataquality.provenance._changes._errors import Errors, read_errors
from skdataquality.provenance._changes._result import ChangePoint
from skdataquality.provenance._changes._search import Search, Times
