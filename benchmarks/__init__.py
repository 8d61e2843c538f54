"""Side-by-side measurements. Each prints a ratio to a peer or a floor of the same run, never a bare time."""
