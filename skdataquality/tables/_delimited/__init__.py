"""CSV, TSV and their like: quoting, records, and the types of columns."""
