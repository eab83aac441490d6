"""Suspicions about ballots, and rulings on them."""
