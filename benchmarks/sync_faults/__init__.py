"""What a push and a pull make of a client, a server or a network that fails."""
