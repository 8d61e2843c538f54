"""TP-01: an OPD sends data of its own bidang urusan, for the dataset that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator

from muara_kernel.events.finding import Finding, Text
from validation_service.model.facts import Facts
from validation_service.model.rules.catalogue import found

NOT_OF_OPD = Text("bukan urusan OPD ini", "is not one of this OPD's")


def check_mandate(facts: Facts) -> Iterator[Finding]:
    """One finding at most: what the sender declared comes first, else what the dataset belongs to."""
    own, declared, dataset = (
        facts.opd_bidang_urusan,
        facts.declared_bidang_urusan,
        facts.dataset_bidang_urusan,
    )
    if declared and own and declared not in own:
        yield _found(declared, NOT_OF_OPD, facts)
    elif declared and dataset and declared != dataset:
        problem = Text(
            f"bukan bidang urusan dataset ini, yaitu {dataset}",
            f"is not that of this dataset, which is {dataset}",
        )
        yield _found(declared, problem, facts)
    elif dataset and own and dataset not in own:
        yield _found(dataset, NOT_OF_OPD, facts)


def _found(value: str, problem: Text, facts: Facts) -> Finding:
    own = ", ".join(facts.opd_bidang_urusan) or (facts.dataset_bidang_urusan or "-")
    return found("TP-01", value=value, problem=problem, expected=own)
