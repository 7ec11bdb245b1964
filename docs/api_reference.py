"""The public names, section by section; the API reference is generated from here.

A section is (title, one-line description, module, [public names]). Every name in
the `__all__` of a room stands here exactly once: `tests/test_docs_api.py` checks it.
"""

Section = tuple[str, str, str, list[str]]

API_REFERENCE: list[Section] = [
    (
        "Imbalance",
        "Skewed classes.",
        "skdataquality.imbalance",
        ["ClassBalanceWeighter"],
    ),
    (
        "Duplicates",
        "Repeated rows, and folds that keep them together.",
        "skdataquality.duplicates",
        ["Deduplicator", "DuplicateGroupKFold", "duplicate_groups"],
    ),
    (
        "Remedies inside an estimator",
        "Meta-estimators that apply a remedy to the training rows only.",
        "skdataquality.compose",
        ["RemediedClassifier", "RemediedRegressor", "RemedyChain", "apply_remedy"],
    ),
    (
        "Writing a remedy",
        "The protocols of detectors and remedies, and base classes to derive from.",
        "skdataquality.base",
        [
            "BaseRowSampler",
            "BaseWeighter",
            "Detector",
            "RowSampler",
            "Weighter",
            "protect_classes",
        ],
    ),
    (
        "Lineage",
        "What a remedy did to each row.",
        "skdataquality.lineage",
        ["Lineage", "Reason", "SYNTHETIC", "UNTRACED"],
    ),
    (
        "Warnings",
        "Every warning of the package derives from `DataQualityWarning`.",
        "skdataquality.exceptions",
        [
            "ClassKeptWarning",
            "DataQualityWarning",
            "FewFoldsWarning",
            "InSampleProbabilitiesWarning",
            "IndexMismatchWarning",
            "OverlapWarning",
        ],
    ),
]
