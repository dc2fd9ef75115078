"""What the pages of the extraction floor send, bound and shaped for the services."""
