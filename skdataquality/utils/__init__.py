"""Private building blocks of floor 0; nothing here is public API."""
