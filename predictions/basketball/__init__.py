"""Basketball: what is known of a player, his team and his opponent before a game, in arrays without a database."""
