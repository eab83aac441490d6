"""The verbs of the API: its root fields, each a few lines from arguments to a service and back to a noun."""
