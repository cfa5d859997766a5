"""Cards and rows of models: what can be installed, what is here, what is not used."""
