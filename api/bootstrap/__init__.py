"""The composition root: which class implements which port, and what is open while the server runs."""
