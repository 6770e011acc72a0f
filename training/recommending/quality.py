"""How good an item is for everybody, 0..1, from ratings given here and likes counted elsewhere.

Most packs have one like and no rating, so both are shrunken means:

- `liking` is the share of plays that ended in a like, as if `TYPICAL_PLAYS` more had been seen that went as plays of
  all packs go (a beta-binomial posterior mean), over that share of all packs: 1 is typical.
- Before any rating, an item is worth what rated items are worth on average, and up to `LIKING_IS_WORTH` more or less
  by its liking. That expectation counts for `PRIOR_RATINGS` ratings, beside those that were given (Bayesian mean).
"""

from __future__ import annotations

import numpy as np

LOWEST_RATING, HIGHEST_RATING = 1, 5
PRIOR_RATINGS = 5.0
TYPICAL_PLAYS = 50.0
LIKING_IS_WORTH = 0.25
INDIFFERENT = 0.5
INDIFFERENT_RATINGS = 20.0
"""The mean of all ratings starts at indifferent, which counts for so many."""


def quality(*, ratings: np.ndarray, rating_sums: np.ndarray, likes: np.ndarray, plays: np.ndarray) -> np.ndarray:
    """Quality (n,) in 0..1.

    `ratings` are numbers of ratings of 1 to 5 and `rating_sums` their sums; `likes` and `plays` are counts, both 0
    where nobody counted. All are (n,).
    """
    if not len(ratings):
        return np.zeros(0)
    worth = (rating_sums - LOWEST_RATING * ratings) / (HIGHEST_RATING - LOWEST_RATING)
    everybody = (worth.sum() + INDIFFERENT_RATINGS * INDIFFERENT) / (ratings.sum() + INDIFFERENT_RATINGS)
    expected = np.clip(everybody + LIKING_IS_WORTH * (liking(likes, plays) - 1), 0, 1)
    mean: np.ndarray = (worth + PRIOR_RATINGS * expected) / (ratings + PRIOR_RATINGS)
    return mean


def liking(likes: np.ndarray, plays: np.ndarray) -> np.ndarray:
    """Shrunken share of plays that were liked, over that of all items: (n,) in 0..2, 1 where nothing was counted."""
    # A like without a counted play was a play all the same.
    played = np.maximum(likes, plays)
    if not likes.sum():
        return np.ones(len(likes))
    usual = likes.sum() / played.sum()
    shrunken = (likes + TYPICAL_PLAYS * usual) / (played + TYPICAL_PLAYS)
    relative: np.ndarray = np.minimum(shrunken / usual, 2.0)
    return relative
