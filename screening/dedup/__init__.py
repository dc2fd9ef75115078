"""The duplicate engine: normalise, block, score with named rules, cluster."""
