"""The trail in the words of W3C PROV."""

import numpy as np

NAMESPACE = "urn:skdataquality:"


def as_prov(trail, *, rows):
    """Return a PROV document: tables are entities, steps activities.

    With ``rows`` those that a step changed are entities as well: a dropped row was
    invalidated by the step, a relabelled one revised, a made one derived from others.
    """
    try:
        from prov.model import ProvDocument
    except ImportError as error:
        raise ImportError(
            "AuditTrail.to_prov needs prov: pip install 'skdataquality[prov]', or use "
            "to_frame()."
        ) from error
    document = ProvDocument()
    document.add_namespace("sdq", NAMESPACE)
    table = _table(document, 0, trail.lineage.n_in)
    for place, step in enumerate(trail.steps, start=1):
        activity = document.activity(
            f"sdq:step/{place}",
            other_attributes={
                "prov:label": step["step"],
                "sdq:estimator": step["estimator"],
                "sdq:parameters": step["parameters"],
            },
        )
        after = _table(document, place, step["rows_out"])
        document.used(activity, table)
        document.wasGeneratedBy(after, activity)
        document.wasDerivedFrom(after, table, activity=activity)
        table = after
    if rows:
        _add_rows(document, trail)
    return document


def _table(document, place, n_rows):
    return document.entity(
        f"sdq:table/{place}",
        {"prov:type": "prov:Collection", "sdq:rows": int(n_rows)},
    )


def _add_rows(document, trail):
    """Add the rows that were dropped, relabelled or made."""
    frame = trail.to_frame()
    changed = frame[(frame["fate"] != "kept") & (frame["row"] >= 0)]
    last = f"sdq:table/{len(trail.steps)}"
    for row, fate, step, reason in changed[
        ["row", "fate", "step", "reason"]
    ].itertuples(index=False, name=None):
        entity = document.entity(
            f"sdq:row/{row}", {"sdq:fate": fate, "sdq:reason": reason}
        )
        activity = f"sdq:step/{trail.place_of(step)}"
        if fate == "dropped":
            document.wasInvalidatedBy(entity, activity)
        elif fate == "relabelled":
            new = document.entity(f"sdq:row/{row}/relabelled")
            document.wasRevisionOf(new, entity, activity=activity)
            document.hadMember(last, new)
    parents = trail.lineage.parents
    for at in np.flatnonzero(trail.lineage.origin < 0).tolist():
        made = document.entity(f"sdq:made/{at}")
        document.hadMember(last, made)
        for parent in parents.indices[parents.indptr[at] : parents.indptr[at + 1]]:
            document.wasDerivedFrom(made, document.entity(f"sdq:row/{parent}"))
