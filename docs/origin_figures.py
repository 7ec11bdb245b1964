"""Figures of the pages on duplicates and provenance."""

from benchmarks._harness import results_of

HUNDREDTHS = "{:.0%}"
SHARE = "{:.1%}"
SCORE = "{:.2f}"


def duplicates_figures():
    """Return those of duplicates by name."""
    chance = results_of("near_duplicates")["chance"]
    (equal,) = results_of("exact_duplicates").values()
    results = results_of("duplicates")
    return {
        **_near(chance, results["copies"], results["cleanlab"]),
        **_joins(results["joins_dense"], results["joins_large"], equal),
        **_texts(results["texts_found"], results["texts_speed"], results["texts_many"]),
        **_collections(results["texts_persons"], results["texts_messages"]),
        **_entities(results["entities"], results["entities_price"]),
        **_nearest(results["entities_apart"], results["entities_nearest"]),
    }


def provenance_figures():
    """Return those of provenance by name."""
    simulated = results_of("provenance_simulation")
    results = results_of("provenance")
    return {
        **_verdicts(simulated["verdicts"], simulated["ceiling"]),
        **_intervals(simulated["coverage"], simulated["clusters"]),
        **_culprits(results["culprits"], results["changes"]),
        **_crowd(results["crowd"]),
        **_lineage(results["lineage"]),
    }


def _reported(rows, column="half"):
    """Rows on which nothing was chosen."""
    return rows[rows[column] == "reported"]


def _near(chance, copies, cleanlab):
    """False pairs of tables without copies, and copies that are found."""
    chance = _reported(chance)
    worst = chance.loc[chance["mean_pairs"].idxmax()]
    one_row = _reported(copies[copies["share"] == 0])
    many = _reported(copies[copies["share"] > 0])
    found = many.groupby(["noise", "columns"])["recall"].mean()
    none = cleanlab[(cleanlab["method"] == "by name") & (cleanlab["share"] == 0)]
    most = cleanlab[(cleanlab["method"] == "by name") & (cleanlab["share"] == 0.6)]
    return {
        "chance designs": str(len(chance)),
        "chance pairs": SCORE.format(chance["mean_pairs"].mean()),
        "chance worst": SCORE.format(worst["mean_pairs"]),
        "chance worst design": "{kind} in {columns} columns".format(**worst),
        "copies of one row": HUNDREDTHS.format(one_row["recall"].min()),
        **{
            f"copies {columns} columns {1000 * noise:.0f}": HUNDREDTHS.format(share)
            for (noise, columns), share in found.items()
        },
        "cleanlab none": SHARE.format(none["share_of_rows"].max()),
        "cleanlab most": HUNDREDTHS.format(most["share_of_rows"].max()),
        "cleanlab most least": SHARE.format(most["share_of_rows"].min()),
    }


def _joins(dense, large, equal):
    """Time beside brute force and pandas."""
    ratio = _reported(dense[dense["library"] == "brute force"])["ratio"]
    seconds = equal.set_index("library")["seconds"].astype(float)
    return {
        "join times": f"{ratio.min():.0f}",
        "join large rows": f"{int(large['rows'].iloc[0]):,}",
        "join large seconds": f"{large['seconds'].iloc[0]:.0f}",
        "join large peak": HUNDREDTHS.format(large["peak_share_of_input"].iloc[0]),
        "equal times": SCORE.format(
            seconds["skdataquality, array"] / seconds["pandas hash"]
        ),
    }


def _texts(found, speed, many):
    """Pairs found beside all pairs, and time beside peers."""
    ratio = speed.groupby("library")["ratio"].min()
    largest = many.loc[many["rows"].idxmax()]
    return {
        "texts recall": SHARE.format(found["recall"].min()),
        "texts false": str(int(found["false_pairs"].sum())),
        "texts times datasketch": f"{ratio['datasketch']:.0f}",
        "texts times rensa": f"{ratio['rensa']:.1f}",
        "texts many": f"{int(largest['rows']):,}",
        "texts many seconds": f"{largest['seconds']:.0f}",
        "texts many peak": f"{largest['peak_mb']:.0f}",
    }


def _collections(persons, messages):
    """Records of persons, by the other set and by chance; messages."""
    score = persons.groupby(["rule", "size"])["f1"].min()
    sms = messages[messages["data"] == "sms_spam"].set_index("size")
    return {
        **{
            f"persons {rule.split()[-1]} {size}": f"{value:.3f}"
            for (rule, size), value in score.items()
        },
        "sms rows": f"{int(sms['rows'].iloc[0]):,}",
        "sms equal": str(int(sms["exact"].iloc[0])),
        "sms near": str(int(sms.loc[5, "near_at_0.7"])),
    }


COLUMNS = {"found": "found", "suspect": "suspect", "cleanlab": "non_iid"}


def _entities(verdicts, price):
    """Tables accused, rightly and wrongly, and what random folds gain."""
    verdicts = _reported(verdicts).groupby("truth")
    counts = verdicts[["found", "suspect", "non_iid", "drawn"]].sum()
    share = counts.div(counts["drawn"], axis=0)
    three = price[(price["n_patients"] == 200) & (price["model"] == "default")].iloc[0]
    return {
        **{
            f"entities {short} {name}": HUNDREDTHS.format(share.loc[truth, column])
            for short, truth in {
                "named": "named column",
                "texts": "texts",
                "series": "series",
                "apart": "apart",
                "sorted": "sorted",
                "scattered": "apart in order, no column",
                "any": "any name",
                "close": "close, no column",
                "ordinary": "ordinary columns",
            }.items()
            for name, column in COLUMNS.items()
        },
        "entities random": SCORE.format(three["random_folds"]),
        "entities honest": SCORE.format(three["entity_folds"]),
        "entities held": HUNDREDTHS.format(price["held"].min()),
    }


def _nearest(apart, patients):
    """Tables suspected of rows that no column names, wrongly and not."""
    three = patients[(patients["columns"] == 20) & (patients["each"] == 3)]
    lost = three.loc[three["suspected"] < 1, "noise"].min()
    return {
        "nearest apart": SHARE.format(apart["suspected"].mean()),
        "nearest lost": f"{lost:.1f}",
    }


def _verdicts(rows, ceiling):
    """Harmless differences accused, and one bad source found."""
    differ = rows[(rows["bad"] == 0) & (rows["correlation"] > 0)]
    harmless = differ[differ["rates"] != "log-normal"]
    longer = differ[differ["rates"] == "log-normal"].set_index("sources")["found"]
    few = harmless[harmless["sources"] <= 4]
    more = harmless[harmless["sources"] <= 30]
    equal = rows[(rows["bad"] == 0) & (rows["correlation"] == 0)]
    bad = _reported(rows[rows["bad"] == 1], "split").set_index("rows_each")
    most = ceiling.set_index("mean_is")["most_found"]
    return {
        "sources few accused": SHARE.format(few["found"].max()),
        "sources more accused": SHARE.format(more["found"].max()),
        "sources accused": SHARE.format(harmless["found"].max()),
        **{f"sources long {n}": SHARE.format(longer[n]) for n in (10, 200)},
        "sources equal accused": SHARE.format(equal["found"].max()),
        **{
            f"bad source {word} {n}": HUNDREDTHS.format(line[column])
            for n, line in bad.iterrows()
            for word, column in {"found": "found", "seen": "found_or_suspect"}.items()
        },
        "bad source ceiling": HUNDREDTHS.format(most["unknown"]),
    }


def _intervals(coverage, clusters):
    """How often shrunken intervals hold, and clusters taken for a bad source."""
    level = coverage[coverage["level"] == 0.95]
    quiet = clusters[clusters["bad"] == 0].groupby("clusters")
    accused, suspected = quiet["found"].max(), quiet["found_or_suspect"].max()
    return {
        "shrunk covered": HUNDREDTHS.format(level["coverage"].min()),
        **{
            f"clusters {way.split()[-1]} found": SHARE.format(accused[way])
            for way in accused.index
        },
        **{
            f"clusters {way.split()[-1]} seen": HUNDREDTHS.format(suspected[way])
            for way in suspected.index
        },
    }


def _culprits(culprits, changes):
    """Planted sources, pairs and moments that are named."""
    culprits = _reported(culprits)
    planted = culprits[culprits["planted"]].set_index("rows")
    changes = _reported(changes)
    none = changes[changes["setting"] == "none"].groupby("kind")["found"].max()
    one = changes[changes["setting"] == "one"]
    return {
        **{
            f"culprits {word} {n // 1000}": HUNDREDTHS.format(line[column])
            for n, line in planted.iterrows()
            for word, column in {
                "pair": "pair_found",
                "annotator": "annotator_found",
                "batch": "batch_found",
                "near": "change_near",
                "false changes": "false_changes",
            }.items()
        },
        "culprits false": SHARE.format(culprits["false_discovery_rate"].max()),
        "changes batches": SHARE.format(none["batches"]),
        "changes ignored": HUNDREDTHS.format(none["batches ignored"]),
        "changes flags": SHARE.format(none["flags"]),
        "changes located": HUNDREDTHS.format(one["located"].min()),
    }


def _crowd(rows):
    """How annotators are ranked by estimated errors alone."""
    ours = rows[rows["consensus"] == "DawidSkene"].set_index("data")
    rank = ours["spearman"]
    return {
        "crowd sets": str(len(ours)),
        "crowd found": str(int(ours["found"].sum())),
        "crowd rank lowest": SCORE.format(rank.min()),
        "crowd rank lowest set": rank.idxmin(),
        "crowd rank highest": SCORE.format(rank.max()),
        "crowd worst lowest": HUNDREDTHS.format(ours["overlap"].min()),
        "crowd worst highest": HUNDREDTHS.format(ours["overlap"].max()),
    }


def _lineage(rows):
    """Rows of imbalanced-learn's samplers that are traced."""
    plain = rows[rows["table"] == "plain"]
    made = plain["synthetic"] + plain["untraced"]
    made = plain.assign(made=made).groupby("sampler")[["made", "synthetic"]].sum()
    makers = made[made["made"] > 0]
    partly = makers[makers["synthetic"] < makers["made"]]
    return {
        "samplers": str(rows["sampler"].nunique()),
        "samplers traced": str(rows["sampler"].nunique() - len(partly)),
        "samplers partly": " and ".join(sorted(partly.index)),
        "wrong parents": str(int(rows["wrong_parents"].max())),
    }
