"""The trail as OpenLineage's facet of column lineage."""

PRODUCER = "https://github.com/skdataquality/skdataquality"
SCHEMA = (
    "https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json"
    "#/$defs/ColumnLineageDatasetFacet"
)


def as_column_lineage(trail, columns, *, namespace, dataset, label):
    """Return the facet of the training set that the steps left, as plain values.

    Each column comes from the one of its name: as it is, or transformed where rows were
    made or labels changed. What chose rows depends on every column.
    """
    inputs = [*columns, *([] if label is None else [label])]
    made = bool((trail.lineage.origin < 0).any())
    relabelled = bool(trail.lineage.relabelled.any())

    def source(column, transformation):
        return {
            "namespace": namespace,
            "name": dataset,
            "field": column,
            "transformations": [transformation],
        }

    fields = {
        column: {
            "inputFields": [
                source(column, _direct(made or (column == label and relabelled)))
            ]
        }
        for column in inputs
    }
    chosen = [
        source(column, _choice(step))
        for step in trail.steps
        if step["dropped"] or step["repeated"]
        for column in inputs
    ]
    return {
        "columnLineage": {
            "_producer": PRODUCER,
            "_schemaURL": SCHEMA,
            "fields": fields,
            "dataset": chosen,
        }
    }


def _direct(is_changed):
    return {
        "type": "DIRECT",
        "subtype": "TRANSFORMATION" if is_changed else "IDENTITY",
        "description": "mixed or relabelled rows among them" if is_changed else "",
        "masking": False,
    }


def _choice(step):
    said = f"{step['step']}: {step['rows_in']} rows in, {step['rows_out']} out"
    return {
        "type": "INDIRECT",
        "subtype": "FILTER",
        "description": said,
        "masking": False,
    }
