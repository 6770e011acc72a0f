"""Signing in with Steam, by OpenID: it proves which player in a replay is whose."""
