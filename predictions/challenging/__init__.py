"""Champion and challengers: shadow predictions, pairs of settled ones, and what is decided from them."""
