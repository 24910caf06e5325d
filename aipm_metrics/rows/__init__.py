"""The user's own scored rows: read, checked and counted by a query engine."""
