"""What every test has: the cast, and a database that can be emptied between tests."""

pytest_plugins = ["tests.cast", "tests.database"]
