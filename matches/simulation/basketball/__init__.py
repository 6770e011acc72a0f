"""A basketball league that never was: invented players of known roles, box scores drawn from them, and bookmakers.

Plain numpy without a database, but for `rows`, which tells games as rows of the models, and `announcing` and `landing`,
which write them for `matches.simulating_games`.
"""
