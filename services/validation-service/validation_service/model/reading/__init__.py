"""Reading: what the bytes are decides, then what the sender called them. Nothing is repaired silently."""
