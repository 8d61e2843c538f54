"""From the JSON of a Table Schema to a Standard, with every problem and its place."""
