"""How often the ranking puts the best candidate first, against simpler ways of choosing."""
