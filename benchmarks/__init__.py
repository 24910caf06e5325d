"""Every speed claim, each beside its peer or its limit; see README.md."""
