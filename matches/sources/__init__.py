"""Readers of each source's files: bytes in, `Row`s or refusals out. They touch no database."""
