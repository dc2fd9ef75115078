"""What every test has: the cast, a database that can be emptied between tests, the groups."""

from hypothesis import settings

pytest_plugins = ["tests.cast", "tests.database", "tests.groups", "tests.online"]

# A busy machine is no failure: examples are bounded in number, not in time.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
