"""What holds for every test: a slow machine alone never fails a property."""

from hypothesis import settings

settings.register_profile("halosync", deadline=None)
settings.load_profile("halosync")
