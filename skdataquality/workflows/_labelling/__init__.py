"""What a person should look at next: rows to select, to label, to review again."""

from skdataquality.workflows._labelling._query_table import query_table
from skdataquality.workflows._labelling._review_rounds import review_rounds
from skdataquality.workflows._labelling._select_table import select_table
from skdataquality.workflows._labelling._table_query import QueryPlan, TableQuery
from skdataquality.workflows._labelling._table_review import TableReview
from skdataquality.workflows._labelling._table_selection import TableSelection

__all__ = [
    "QueryPlan",
    "TableQuery",
    "TableReview",
    "TableSelection",
    "query_table",
    "review_rounds",
    "select_table",
]
