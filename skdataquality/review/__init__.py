"""The review of labels by a person: what to check, and when to stop."""

__all__: list[str] = []
