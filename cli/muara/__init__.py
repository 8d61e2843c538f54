"""The muara command. It stands above the services and starts them as compose does: as processes."""
