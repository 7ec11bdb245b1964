"""What labelling with a strategy would have brought, beside random rows."""
