"""One fit shared among workers: its parts are rows, the broker carries hints, and the results are sealed files."""
