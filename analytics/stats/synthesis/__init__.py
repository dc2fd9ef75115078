"""Random-effects synthesis in plain numbers: pooling, heterogeneity, dependence, cautions."""
