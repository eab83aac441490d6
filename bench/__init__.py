"""How fast is Pingxuan, next to the limit of its platform and to the best of its peers? `python -m bench --help`."""
