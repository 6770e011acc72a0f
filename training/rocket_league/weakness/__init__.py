"""Which of the eight categories holds a player back: planted examples to learn from, profiles, and what is said."""
