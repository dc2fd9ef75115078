"""The PRISMA 2020 checklist and the PRISMA-S search report, pre-filled with facts."""
