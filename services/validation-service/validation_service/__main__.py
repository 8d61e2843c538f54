"""``python -m validation_service web | worker | dead-letters``."""

import sys

from muara_kernel.main import Service, main
from validation_service.app import create_app, run_worker
from validation_service.settings import Settings

if __name__ == "__main__":
    sys.exit(main(Service("validation", Settings, create_app, run_worker)))
