"""What a person should look at next: rows to select, to label, to review again."""

from skdataquality.workflows._labelling._query_table import query_table
from skdataquality.workflows._labelling._table_query import TableQuery

__all__ = ["TableQuery", "query_table"]
