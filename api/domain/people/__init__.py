"""Who is asking: identities, sessions, roles and revocations."""
