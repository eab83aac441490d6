"""Imports and exports: jobs, what they came to, and what starts them."""
