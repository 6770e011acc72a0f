"""The steps of a demonstration, each leaving alone what an earlier one made; `predictions.demonstrating` runs them."""
