"""Basketball: games and box scores, what bookmakers offered on them, and the figures worked out of them."""
