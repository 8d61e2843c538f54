"""What goes with a report in which something was found, in forms a spreadsheet program opens."""
