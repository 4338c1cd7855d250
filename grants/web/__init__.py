"""HTTP in, HTTP out: parse, ask a use case, show. One folder a feature, `kit` below them all."""
