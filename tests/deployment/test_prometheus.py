"""What Prometheus reads: files it takes, metrics there are, alerts that fire when they should."""

from __future__ import annotations

import importlib
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from deployment.debian import promtool
from deployment.reading import ROOT
from muara_kernel.ground import Ground
from muara_kernel.observability.metrics import HttpMetrics, Metrics
from muara_kernel.settings import Shared

FILES = ROOT / "deploy/prometheus"
ITS_OWN = {"up"}


def alerts() -> dict[str, dict[str, Any]]:
    told = yaml.safe_load((FILES / "alerts.yml").read_text())
    return {rule["alert"]: rule for group in told["groups"] for rule in group["rules"]}


def metrics_in_code() -> dict[str, set[str]]:
    """Every name that /metrics can show, with its labels."""
    registry = CollectorRegistry()
    Metrics("uji", registry)
    HttpMetrics("uji", registry)
    found = {}
    for metric in registry.collect():
        collector = registry._names_to_collectors[metric.name]
        for suffix in ("", "_total", "_bucket", "_sum", "_count"):
            found[metric.name + suffix] = {*collector._labelnames, "le"}
    return found


def run(*arguments: str) -> None:
    ran = subprocess.run([promtool(), *arguments], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_prometheus_takes_the_files() -> None:
    run("check", "config", str(FILES / "prometheus.yml"))


@pytest.mark.parametrize("name", sorted(alerts()))
def test_an_alert_asks_for_metrics_and_labels_that_the_code_has(name: str) -> None:
    known = metrics_in_code()
    expression = str(alerts()[name]["expr"])
    asked = re.findall(r"\b(muara_\w+|up)\b(?:\{([^}]*)\})?", expression)
    assert asked
    for metric, selectors in asked:
        labels = set(re.findall(r"(\w+)(?:=|!=|=~|!~)\"", selectors))
        if metric not in ITS_OWN:
            assert labels <= known[metric], metric
    for labels in re.findall(r"by \(([\w, ]+)\)", expression):
        assert any(set(labels.split(", ")) <= known[metric] for metric, _ in asked)


def samples_at_once() -> set[str]:
    """The names with a sample in a worker that has turned its loops once, and read nothing yet."""
    with TemporaryDirectory() as directory:
        settings = Shared(
            region="35.08",
            bus=f"sqlite:///{directory}/bus.db",
            documents=f"sqlite:///{directory}/documents.db",
            payloads=f"file://{directory}/payloads",
            desk_token="meja-walidata-daerah-uji",
        )
        ground = Ground.of("uji", settings, [])
        ground.pulse.beat("reader")
        ground._gauges()
        ground.close()
    return {sample.name for metric in ground.metrics.registry.collect() for sample in metric.samples}


def test_what_an_alert_asks_for_is_there_from_the_start_or_the_guide_says_from_when() -> None:
    asked = {name for rule in alerts().values() for name in re.findall(r"\bmuara_\w+", str(rule["expr"]))}
    guide = (ROOT / "docs/guides/ops.md").read_text()
    (later,) = re.findall(r"^(`muara_.*) baru terlihat setelah", guide, re.MULTILINE)
    assert asked - samples_at_once() == set(re.findall(r"`(muara_\w+)`", later))


@pytest.mark.parametrize("name", sorted(alerts()))
def test_an_alert_says_what_it_is_and_the_guide_what_to_do(name: str) -> None:
    assert " / " in alerts()[name]["annotations"]["summary"]
    assert alerts()[name]["labels"]["severity"] in {"critical", "warning"}
    assert f"\n| `{name}` |" in (ROOT / "docs/guides/ops.md").read_text()


def test_the_words_the_alerts_look_for_are_those_the_services_say() -> None:
    submission = importlib.import_module("ingest_service.model.submission")
    relay = Path(importlib.import_module("ingest_service.jobs.relay").__file__ or "").read_text()
    assert "tertahan" in submission.State.__args__ and 'job("ask", submission.state' in relay
    deliveries = Path(
        importlib.import_module("notification_service.jobs.deliveries").__file__ or ""
    ).read_text()
    for outcome in ("gagal", "ditunda", "galat", "tidak_diketahui"):
        assert f'return "{outcome}"' in deliveries


# --- each fires on what it is for, and is silent otherwise ----------------------------------------

AGE = 'muara_event_age_seconds_bucket{service="catalog",le='
HTTP = 'muara_http_requests_total{service="ingest",endpoint="submissions.submit",status='
HELD = 'muara_jobs_total{service="ingest",job="ask",outcome="tertahan",opd="dinkes"}'
WAITS = 'muara_jobs_total{service="notification",job="delivery",outcome="ditunda",opd="dinkes"}'
REFUSED = 'muara_jobs_total{service="notification",job="delivery",outcome="gagal",opd="dinkes"}'

FIRES = {
    "MuaraProcessDown": {'up{job="muara",process="ingest-web"}': "1x9 0x20"},
    "MuaraLoopStopped": {'muara_worker_up{service="catalog",loop="reader"}': "1x9 0x20"},
    "MuaraWorkerWaits": {'muara_loops_waiting{service="catalog"}': "0x9 2x20"},
    "MuaraDeadLettersWaiting": {'muara_dead_letters_waiting{service="catalog"}': "0x9 1x20"},
    "MuaraOutboxStuck": {'muara_outbox_pending{service="catalog"}': "0x9 3x30"},
    "MuaraTopicsDiffer": {'muara_topics_differing{service="catalog"}': "_x5 2x20"},
    "MuaraSubmissionsHeld": {HELD: "_x20 1x9"},
    "MuaraEventsOld": {f'{AGE}"300"}}': "0x30", f'{AGE}"3600"}}': "0+5x30", f'{AGE}"+Inf"}}': "0+5x30"},
    "MuaraRequestsFail": {f'{HTTP}"202"}}': "0+50x30", f'{HTTP}"503"}}': "0+10x30"},
    "MuaraLettersRefused": {REFUSED: "1x70 2x9"},
    "MuaraLettersWait": {WAITS: "0+1x60"},
}
SILENT = {
    "MuaraProcessDown": {'up{job="muara",process="ingest-web"}': "1x29 0"},
    "MuaraLoopStopped": {'muara_worker_up{service="catalog",loop="reader"}': "1x30"},
    "MuaraWorkerWaits": {'muara_loops_waiting{service="catalog"}': "0x9 1x4 0x9 1x4"},
    "MuaraDeadLettersWaiting": {'muara_dead_letters_waiting{service="catalog"}': "1x20 0x9"},
    "MuaraOutboxStuck": {
        'muara_outbox_pending{service="catalog"}': "3 3 3 3 3 0 3 3 3 3 3 3 0 3 3 3 3 3 3 3"
    },
    "MuaraTopicsDiffer": {'muara_topics_differing{service="catalog"}': "2x9 0x20"},
    "MuaraSubmissionsHeld": {HELD: "4x90"},
    "MuaraEventsOld": {f'{AGE}"300"}}': "0+5x30", f'{AGE}"3600"}}': "0+5x30", f'{AGE}"+Inf"}}': "0+5x30"},
    "MuaraRequestsFail": {f'{HTTP}"202"}}': "0+50x30", f'{HTTP}"422"}}': "0+50x30"},
    "MuaraLettersRefused": {REFUSED: "2x90"},
    "MuaraLettersWait": {WAITS: "0x9 3x50"},
}


@pytest.mark.parametrize("name", sorted(alerts()))
@pytest.mark.parametrize("fires", [True, False], ids=["fires", "silent"])
def test_an_alert_fires_on_what_it_is_for(name: str, fires: bool, tmp_path: Path) -> None:
    series = (FIRES if fires else SILENT)[name]
    steps = max(sum(_steps(part) for part in values.split()) for values in series.values())
    asked = {"expr": f'count(ALERTS{{alertname="{name}",alertstate="firing"}})', "eval_time": f"{steps - 1}m"}
    samples = [{"labels": "{}", "value": 1}] if fires else []
    unit = {
        "rule_files": [str(FILES / "alerts.yml")],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": each, "values": values} for each, values in series.items()],
                "promql_expr_test": [{**asked, "exp_samples": samples}],
            }
        ],
    }
    file = tmp_path / "unit.yml"
    file.write_text(yaml.safe_dump(unit))
    run("test", "rules", str(file))


def _steps(part: str) -> int:
    return int(part.rpartition("x")[2]) + 1 if "x" in part else 1
