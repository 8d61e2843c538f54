"""``python -m notification_service web | worker``."""

from __future__ import annotations

import sys

from muara_kernel.main import Service, main
from notification_service.app import create_app, demand, run_worker
from notification_service.settings import Settings

if __name__ == "__main__":
    sys.exit(main(Service("notification", Settings, create_app, run_worker, demand=demand)))
