"""Pure rules of screening: roles and what they may do, verdicts and the team status."""
