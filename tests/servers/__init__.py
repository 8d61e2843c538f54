"""Real servers for tests and benchmarks, started from packages, without Docker."""
