"""What turns a bus and documents into a service that loses nothing: loop, outbox, leases, dead letters."""
