"""The frames that figures and tables are drawn from."""
