"""The verifier that trusts nobody: it checks a published ballot log, from its bytes to the recount and the selections.

It imports `domain`, and `cryptography` for Ed25519, and nothing of the server.
"""
