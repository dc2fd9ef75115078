"""The extraction form as data that checks itself."""
