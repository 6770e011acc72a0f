"""Football: what is known before kick-off, and what bookmakers' prices mean."""
