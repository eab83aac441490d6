"""How a GraphQL operation is run: its document prepared once, then executed as often as it is asked for."""
