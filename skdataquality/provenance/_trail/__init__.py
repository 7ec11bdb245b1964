"""The audit trail: a line for each training row, in files and in exchange formats."""
