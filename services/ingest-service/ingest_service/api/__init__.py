"""The door of the OPD: hand in data, and see what became of it; and for the desk, the lanes."""
