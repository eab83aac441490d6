"""What the system does for its users, in terms of the domain and the ports."""
