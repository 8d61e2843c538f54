"""What people see of a check: its report, and the certificate of a version that passed."""
