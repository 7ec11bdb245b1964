"""Does P(y | x) change? Only labelled target rows can tell."""
