"""What pages of player props show."""
