"""Repeated rows and texts beside the peers, and what they do to scores.

Texts: pairs that share most of their runs of five characters, beside rensa and
datasketch; what is found, beside all pairs; a million texts; records of FEBRL and
messages, which need ``--data``; and the threshold of chance on generated collections
without and with copies. Its constants were chosen on four families of them, the form of
the tail by looking at similarities in all but the last two; the others report.
"""

from benchmarks._problem import Part
from benchmarks.duplicates import texts

PARTS: dict[str, Part] = {
    "texts_speed": texts.SPEED,
    "texts_found": texts.FOUND,
    "texts_many": texts.MANY,
    "texts_persons": texts.PERSONS,
    "texts_chance": texts.CHANCE,
    "texts_messages": texts.MESSAGES,
}
