"""What ingest knows: the life of a submission until its outcome, lanes, and the keys of the OPD."""
