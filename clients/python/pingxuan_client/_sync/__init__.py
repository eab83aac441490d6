"""The synchronous client, made by `generate.py` of the asynchronous one."""
