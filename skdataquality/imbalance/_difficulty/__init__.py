"""How hard the rows of a rare class are: their neighbours, and copies among them."""
