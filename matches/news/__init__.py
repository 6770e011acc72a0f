"""What news says of players: read by a lexicon or a language model, kept with its source, off unless configured."""
