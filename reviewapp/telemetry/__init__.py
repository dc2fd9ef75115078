"""What the people who run the app see of it: request ids, log lines, numbers for Prometheus."""
