"""The Protocols of the model over documents and payloads; the collections are declared here."""

from muara_kernel.worker.unit import speaking

CHECKS = speaking(
    "checks",
    indexes=[
        ("state", "owner", "opd", "dataset"),
        ("dataset", "turn"),
        ("lacks",),
        ("report",),
        ("dataset", "passed", "sequence"),
    ],
)
STANDARDS = speaking("standards", indexes=[("dataset", "revision")])
CODELISTS = speaking("codelists", indexes=[("codelist", "revision")])
COLLECTIONS = (CHECKS, STANDARDS, CODELISTS)
