"""``python -m catalog_service web | worker | dead-letters``."""

import sys

from catalog_service.app import create_app, run_worker
from catalog_service.settings import Settings
from muara_kernel.main import Service, main

if __name__ == "__main__":
    sys.exit(main(Service("catalog", Settings, create_app, run_worker)))
