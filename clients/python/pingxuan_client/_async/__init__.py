"""The asynchronous client. The other one is made of it, by `generate.py`."""
