"""The public names, section by section; the API reference is generated from here.

A section is (title, one-line description, module, [public names]). Every name in
the `__all__` of a room stands here exactly once: `tests/test_docs_api.py` checks it.
"""

Section = tuple[str, str, str, list[str]]

API_REFERENCE: list[Section] = [
    (
        "Diagnosis",
        "From a table to verdicts and a plan.",
        "skdataquality.diagnosis",
        ["diagnose", "DataQualityReport"],
    ),
    (
        "Choosing a remedy",
        "Cross-validated comparison, with doing nothing as a candidate.",
        "skdataquality.model_selection",
        ["compare_remedies", "RemedyComparison", "prefer_nothing"],
    ),
    (
        "Remedies inside an estimator",
        "Meta-estimators that apply a remedy to the training rows only.",
        "skdataquality.compose",
        ["RemediedClassifier", "RemediedRegressor", "RemedyChain", "apply_remedy"],
    ),
    (
        "Leakage",
        "Columns that give the answer away, identifiers, rows shared with target data.",
        "skdataquality.leakage",
        [
            "LeakyColumnSelector",
            "Identifier",
            "LeakageLensResult",
            "TargetOverlap",
            "find_identifiers",
            "leakage_lens",
            "price_leaks",
            "target_overlap",
        ],
    ),
    (
        "Provenance",
        "Which source the errors come from.",
        "skdataquality.provenance",
        ["ProvenanceLensResult", "error_rates_by_source", "provenance_lens"],
    ),
    (
        "Reading tables",
        "Files as data frames, or cell by cell as they stand.",
        "skdataquality.summary",
        ["read_table", "read_raw", "write_raw"],
    ),
    (
        "Duplicates",
        "Repeated rows, and folds that keep them together.",
        "skdataquality.duplicates",
        [
            "Deduplicator",
            "DuplicateGroupKFold",
            "DuplicateLensResult",
            "duplicate_groups",
            "duplicate_lens",
        ],
    ),
    (
        "Label noise",
        "Wrong labels: scores, flags, and estimators that clean.",
        "skdataquality.label_noise",
        [
            "LabelErrorDetector",
            "LabelErrorPruner",
            "NoisePruningClassifier",
            "LabelNoiseLensResult",
            "NoiseMatrices",
            "confident_joint",
            "estimate_joint",
            "find_label_issues",
            "label_noise_lens",
            "label_quality_scores",
            "noise_matrices",
        ],
    ),
    (
        "Imbalance",
        "Skewed classes.",
        "skdataquality.imbalance",
        ["ClassBalanceWeighter", "ImbalanceLensResult", "imbalance_lens"],
    ),
    (
        "Shift",
        "Training data unlike the data met in use.",
        "skdataquality.shift",
        [
            "DiscriminatorWeighter",
            "ShiftLensResult",
            "ShiftWeightedClassifier",
            "ShiftWeightedRegressor",
            "TargetData",
            "shift_lens",
        ],
    ),
    (
        "Data with known failures",
        "Plant a failure, and know the truth.",
        "skdataquality.datasets",
        [
            "load_demo",
            "make_duplicates",
            "make_label_errors",
            "make_rare_class",
            "make_shifted_sample",
        ],
    ),
    (
        "Checks for remedies",
        "What `check_estimator` misses.",
        "skdataquality.estimator_checks",
        ["check_row_sampler", "check_weighter", "check_wrapper"],
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
        "Rendering",
        "A report's plain dict as text.",
        "skdataquality.report",
        ["render_html_table", "render_markdown", "render_text"],
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
            "LookAlikeLabelsWarning",
            "OverlapWarning",
            "UnevenFoldsWarning",
        ],
    ),
    (
        "The installation",
        "Versions, for bug reports.",
        "skdataquality",
        ["show_versions"],
    ),
]
