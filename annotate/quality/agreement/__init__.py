"""How far annotators agree: coefficients, spans, and where they differ."""
