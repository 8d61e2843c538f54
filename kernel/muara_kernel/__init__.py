"""What the four services must agree on, and nothing else: events, the three ports, the worker, the web."""
