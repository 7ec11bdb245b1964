"""Parquet and Arrow IPC files, and what they become in memory."""
