"""The coach in a chat: who is who there, what they may ask, and the client that carries questions and answers."""
