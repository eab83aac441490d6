"""What operations give and take, made of schema.graphql by `generate.py`."""
