"""Sending alerts: what a message says, how a webhook is signed and called, and who sends which when."""
