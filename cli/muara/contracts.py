"""contracts/ and the picture in docs/architecture.md, written from the code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from muara.place import SERVICES, Place
from muara_kernel.events.contracts import ServiceContract, envelope_schema, event_schemas, first_sentence
from muara_kernel.events.contracts_asyncapi import asyncapi
from muara_kernel.events.contracts_picture import picture

ARCHITECTURE = "docs/architecture.md"
BEGIN, END = "<!-- picture: written by make contracts -->", "<!-- end of picture -->"
GENERATED = ("contracts/events/*.json", "contracts/openapi/*.json")
"""Where a file that is written no longer must go."""

SERVED = """
import sys
from importlib import import_module
from pathlib import Path
app = import_module(sys.argv[1]).create_app()
Path(sys.argv[2]).write_bytes(app.test_client().get("/v1/openapi.json").get_data())
"""


class NoPlaceForThePicture(Exception):
    """docs/architecture.md lost the two comments that the picture stands between."""


def services() -> tuple[ServiceContract, ...]:
    return tuple(_service(name) for name in SERVICES)


def report_schema() -> dict[str, Any]:
    """What validation writes about a submission and catalog shows to the walidata."""
    schema: dict[str, Any] = import_module("validation_service.model.report_schema").report_schema()
    return schema


def _service(name: str) -> ServiceContract:
    package, handlers = import_module(f"{name}_service"), import_module(f"{name}_service.handlers")
    sentence = first_sentence(package.__doc__ or "")
    decides = re.sub(rf"^({name} )?decides ", "", sentence, flags=re.IGNORECASE)
    return ServiceContract(name, decides, tuple(handlers.REACTIONS), tuple(handlers.ANNOUNCES))


def files(root: Path) -> dict[str, str]:
    """The text of everything generated, by its path under ``root``."""
    documents = {
        **event_schemas(),
        "cloudevent.schema.json": envelope_schema(),
        "report.schema.json": report_schema(),
        "asyncapi.json": asyncapi(services()),
        **{f"openapi/{name}.json": document for name, document in openapi().items()},
    }
    texts = {f"contracts/{path}": _text(document) for path, document in documents.items()}
    return texts | {ARCHITECTURE: with_picture((root / ARCHITECTURE).read_text(), picture(services()))}


def write(root: Path) -> list[Path]:
    """Write what is stale and remove what is written no longer; returns the paths that changed."""
    texts = files(root)
    changed = _differing(root, texts)
    for path in changed:
        if path in texts:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(texts[path])
        else:
            (root / path).unlink()
    return [root / path for path in changed]


def stale(root: Path) -> list[str]:
    """The files that are not as the code says, under ``root``."""
    return _differing(root, files(root))


def _differing(root: Path, texts: dict[str, str]) -> list[str]:
    differing = {path for path, text in texts.items() if _read(root / path) != text}
    return sorted(differing | (set(_present(root)) - texts.keys()))


def _present(root: Path) -> Iterator[str]:
    return (path.relative_to(root).as_posix() for each in GENERATED for path in root.glob(each))


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def with_picture(text: str, drawn: str) -> str:
    """``text`` with ``drawn`` between its two comments; raises NoPlaceForThePicture."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise NoPlaceForThePicture(f"{ARCHITECTURE}: {BEGIN} … {END}")
    return f"{before}{begin}\n\n{drawn}\n{end}{after}"


def openapi() -> dict[str, dict[str, Any]]:
    """Each service's document as it is served: from a process of its own, on a place that is thrown away."""
    with TemporaryDirectory() as directory:
        place = Place(Path(directory), region="00.00", region_name="", base=0)
        place.occupy().close()
        place.desk_token()
        running = {name: _serve(place, name) for name in SERVICES}
        return {name: _served(place, name, process) for name, process in running.items()}


def _serve(place: Place, name: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SERVED, f"{name}_service.app", str(place.root / f"{name}.json")]
    environment = place.environment(name, "127.0.0.1:0", "web", {})
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _served(place: Place, name: str, process: subprocess.Popen[str]) -> dict[str, Any]:
    said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{name}_service does not start:\n{said}")
    document: dict[str, Any] = json.loads((place.root / f"{name}.json").read_text())
    return document


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
