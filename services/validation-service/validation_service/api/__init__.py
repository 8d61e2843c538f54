"""HTTP: standards and code lists for the walidata's desk, reports for whoever was told their address."""
