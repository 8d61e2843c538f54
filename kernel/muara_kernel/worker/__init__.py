"""What turns a bus and documents into a service that loses nothing: the loop, the outbox, the leases, the dead letters."""
