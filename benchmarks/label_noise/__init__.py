"""Wrong labels: speed beside cleanlab, what is found, and what finding them is worth.

- speed: the calls on given probabilities, equal answers asserted first;
- quality: known errors in four tables: ranking, flags, rules;
- downstream: clean test accuracy after each remedy, "nothing" and the truth beside it;
- harmless: what a search with "none" in its grid costs where no label is wrong;
- real: labels of image test sets that people have judged (data not included).
"""

PARTS = ("speed", "quality", "downstream", "harmless", "real")
