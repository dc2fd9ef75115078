"""What every test has: the cast, a database that can be emptied between tests, the groups."""

pytest_plugins = ["tests.cast", "tests.database", "tests.groups"]
