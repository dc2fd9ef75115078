"""The PRISMA 2020 flow: sets, identities and the drawing."""
