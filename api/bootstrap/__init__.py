"""The composition root: which class stands behind which port, and what is open while the system runs."""
