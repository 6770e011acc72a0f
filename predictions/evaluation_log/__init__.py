"""The evaluation log: the ledger's twin as one CSV file a day, for spreadsheets, other tools and a second opinion."""
