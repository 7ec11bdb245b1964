"""The words of a column's name, and those that say that it identifies something."""

import re

ID_WORDS = {"id", "ids", "uuid", "guid", "key", "idx", "identifier", "pk", "hash"}
WHO = (
    "account", "case", "client", "contract", "customer", "device", "employee",
    "invoice", "member", "order", "patient", "payment", "person", "session", "student",
    "subject", "ticket", "trip", "user", "visit",
)  # fmt: skip


def words_of(name):
    """Return the words of a name, in small letters: {"customer", "id"}."""
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", str(name))
    return set(re.split(r"[^a-z0-9]+", parts.lower()))


def is_called_id(name):
    """Whether a name says that a column identifies: "user_id", "userId", "userid"."""
    words = words_of(name)
    return bool(ID_WORDS & words or {f"{who}id" for who in WHO} & words)
