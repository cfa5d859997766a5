"""Which edit comes next: models on simulated artists' traces and on what people wrote."""
