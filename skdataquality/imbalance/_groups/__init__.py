"""Under-represented groups, and how many rows of them would do."""
