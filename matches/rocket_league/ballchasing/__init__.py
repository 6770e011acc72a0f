"""ballchasing.com: asking it within its limits, following a person's replays there, and taking ranks from it."""
