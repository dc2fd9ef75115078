"""The top floor: frames, statistics, the PRISMA flow, figures and tables."""
