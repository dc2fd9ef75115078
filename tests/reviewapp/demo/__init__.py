"""Tests of the demo; a package, so that the loaded demo ends with the last of them."""
