"""Runs the embedded house: a web process and a worker, started again when killed."""
