"""No deadline per example: a busy machine is not a broken law."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
