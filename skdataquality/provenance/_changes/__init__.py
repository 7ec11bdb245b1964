"""When the rate of errors changed along time or the order of rows."""
