"""What ingest does by itself: let the lanes flow, and ask again where no outcome came."""
