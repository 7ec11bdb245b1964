"""Rows that belong together without being copies: entities, neighbours in order."""

from skdataquality.duplicates._entities._columns import EntityColumn
from skdataquality.duplicates._entities._given import check_given
from skdataquality.duplicates._entities._groups import EntityGroups, entity_groups
from skdataquality.duplicates._entities._lens import entity_lens, judge_entities, priced
from skdataquality.duplicates._entities._lens_result import EntityLensResult
from skdataquality.duplicates._entities._order import OrderDependence, order_dependence
from skdataquality.duplicates._entities._price import blocks_of, price_of_folds
