"""Label Studio: tasks as plain values, the client, and the embedded server."""
