"""The evaluation log over HTTP, for staff: which days there are, and their files."""
