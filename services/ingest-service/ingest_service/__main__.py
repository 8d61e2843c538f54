"""``python -m ingest_service web | worker | keys | dead-letters``."""

import sys

from ingest_service.app import create_app, run_keys, run_worker
from ingest_service.settings import Settings
from muara_kernel.main import Service, main

if __name__ == "__main__":
    sys.exit(main(Service("ingest", Settings, create_app, run_worker, commands={"keys": run_keys})))
