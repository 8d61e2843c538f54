"""The same load on the embedded default and on Apache Kafka with MongoDB, in one run on one machine.

For MongoDB also how many commands a submission takes, those of the look at its outcome included, and how
many a second an idle system sends.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.commands import Asked
from benchmarks.end_to_end import chain
from muara_kernel.bus.connect import topics


def main() -> None:
    # Needs what the tests need: Java and Maven for the broker, and the wheel that brings a mongod.
    from servers.kafka import Kafka
    from servers.mongo import Mongod

    print("embedded")
    embedded = chain({})
    with (
        tempfile.TemporaryDirectory() as directory,
        Kafka.started(Path(directory) / "kafka") as kafka,
        Mongod.started(Path(directory) / "mongo") as mongod,
    ):
        admin = topics(kafka.url)
        assert admin
        admin.apply()
        admin.close()
        print("Kafka and MongoDB")
        settings = {
            "MUARA_BUS": kafka.url,
            "MUARA_DOCUMENTS": mongod.url("muara_{service}"),
            "MUARA_PAYLOADS": f"gridfs+{mongod.url('muara_payloads')}",
        }
        asked = Asked(mongod.url())
        production = chain(settings, asked.during)
        asked.close()
    print(f"ratio             {production / embedded:8.2f} of the embedded rate, servers on the same cores")
