"""One address: every path goes to the service that answers it, and what is not for outside goes nowhere."""

from __future__ import annotations

import http.client
import http.server
import importlib
import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from deployment.proxy import Proxy, proxy
from deployment.reading import EMBEDDED, ROOT, settings_of
from muara.place import FIRST_PORT, SERVICES
from muara_kernel.settings import read
from muara_kernel.web.sentences import refusal

HIDDEN = re.compile(r"/metrics|/health/.*|/v1/copies")
SAMPLES = {"submission": "s1", "opd": "dinkes", "slug": "angka", "number": "1", "filename": "muara.css"}

Answer = tuple[int, Mapping[str, str], bytes]


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with its own name, and with what it was asked."""

    name = ""
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        told = {"name": self.name, "path": self.path, "headers": dict(self.headers), "size": len(body)}
        said = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST = do_PUT = answer

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def echoes() -> Iterator[dict[str, str]]:
    """One for each service: where it listens."""
    with ExitStack() as stack:
        places = {}
        for name in SERVICES:
            handler = type(name, (Echo,), {"name": name})
            server = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler))
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            places[name] = f"127.0.0.1:{server.server_port}"
        yield places


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with echoes() as upstreams, proxy(tmp_path_factory.mktemp("proxy") / "muara", upstreams) as running:
        yield running


def ask(
    place: Proxy,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    door: str = "8080",
) -> Answer:
    """The path as it is written: a client that tidies it up would hide what somebody else may send."""
    connection = http.client.HTTPConnection("127.0.0.1", place.doors[door], timeout=20)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()
    finally:
        connection.close()


def answered_by(place: Proxy, path: str, **more: str) -> str:
    status, _, body = ask(place, path, **more)  # type: ignore[arg-type]
    return str(json.loads(body)["name"]) if status == 200 else str(status)


def routes(service: str, data: Path) -> Iterator[tuple[str, str]]:
    """Method and a sample of each path that the service answers."""
    environment = EMBEDDED.environment(f"{service}-web") | {
        "MUARA_BUS": f"sqlite:///{data}/events.db",
        "MUARA_DOCUMENTS": f"sqlite:///{data}/{service}.db",
        "MUARA_PAYLOADS": f"file://{data}/payloads",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        read(settings_of(service))
        app = importlib.import_module(f"{service}_service.app").create_app()
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: SAMPLES.get(found[1], "x"), rule.rule)
        for method in (rule.methods or set()) & {"GET", "POST", "PUT"}:
            yield method, path


@pytest.mark.parametrize("service", SERVICES)
def test_every_path_of_a_service_is_answered_by_it_or_hidden(
    service: str, place: Proxy, tmp_path: Path
) -> None:
    of_all = re.compile(r"/masuk|/keluar|/favicon.ico|/static/.*|/v1/openapi.json")
    for method, path in routes(service, tmp_path):
        where = answered_by(place, path, method=method)
        if HIDDEN.fullmatch(path):
            assert where == "404", path
        elif path == "/":
            assert where == "catalog"
        elif not of_all.fullmatch(path):
            assert where == service, path


@pytest.mark.parametrize("path", ["/masuk", "/keluar", "/favicon.ico", "/static/muara/muara.css"])
def test_what_all_services_have_alike_comes_from_one(path: str, place: Proxy) -> None:
    assert answered_by(place, path) == "catalog"


def test_the_inbox_has_an_entrance_of_its_own(place: Proxy) -> None:
    status, headers, _ = ask(place, "/kabar")
    assert (status, headers["Location"]) == (303, "/?recipient=walidata")
    assert answered_by(place, headers["Location"]) == "notification"
    assert answered_by(place, "/?recipient=opd:dinkes&after=a1") == "notification"
    assert answered_by(place, "/?after=35.08%2Fangka") == "catalog"


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_describes_its_api_at_an_address_of_its_own(service: str, place: Proxy) -> None:
    status, _, body = ask(place, f"/v1/openapi/{service}.json")
    told = json.loads(body)
    assert (status, told["name"], told["path"]) == (200, service, "/v1/openapi.json")


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/health/live",
        "/health/ready",
        "/v1/copies",
        "/v1/opd/../copies",
        "/v1/opd/%2e%2e/copies",
        "/v1/opd/..%2fcopies",
        "//metrics",
        "/datasets/../metrics",
        "/static/muara/../../metrics",
        "/v1/opdx",
        "/.env",
        "/nginx.conf",
    ],
)
def test_what_is_not_for_outside_is_not_found(path: str, place: Proxy) -> None:
    status, headers, body = ask(place, path)
    assert (status, headers["Content-Type"]) == (404, "application/problem+json")
    assert json.loads(body)["detail"] == refusal(404).detail.id


def test_a_path_that_is_more_than_one_thing_is_passed_on_as_it_was_written(place: Proxy) -> None:
    _, _, body = ask(place, "/v1/datasets/35.08/a%2Fb?limit=1&after=x%20y")
    assert json.loads(body)["path"] == "/v1/datasets/35.08/a%2Fb?limit=1&after=x%20y"


def test_what_the_client_says_about_itself_is_not_believed(place: Proxy) -> None:
    lies = {
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Ssl": "on",
        "X-Forwarded-Prefix": "/jahat",
        "X-Forwarded-Host": "lain.example",
        "Forwarded": "for=10.0.0.1",
        "Host": "muara.daerah.example:8080",
    }
    _, _, body = ask(place, "/v1/opd", headers=lies)
    seen = {name: value for name, value in json.loads(body)["headers"].items() if name != "Accept-Encoding"}
    assert seen == {
        "Host": "muara.daerah.example:8080",
        "X-Forwarded-Host": "muara.daerah.example:8080",
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Proto": "http",
    }


LONG = b"a" * 40_000
UNREADABLE = {
    400: b"RUSAK\r\n\r\n",
    414: b"GET /" + LONG + b" HTTP/1.1\r\nHost: muara.example\r\n\r\n",
    431: b"GET /v1/opd HTTP/1.1\r\nHost: muara.example\r\nCookie: " + LONG + b"\r\n\r\n",
}


@pytest.mark.parametrize("status", UNREADABLE)
def test_what_the_proxy_itself_cannot_read_is_refused_in_our_words(status: int, place: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", place.doors["8080"]), timeout=20) as client:
        client.sendall(UNREADABLE[status])
        answer = http.client.HTTPResponse(client)
        answer.begin()
        told = json.loads(answer.read())
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    words = refusal(status)
    assert (told["code"], told["title"], told["detail"]) == (words.code, words.title.id, words.detail.id)
    assert told["status"] == status


@pytest.mark.parametrize("path", ["/-/broken", "/-/long-address", "/-/large-headers"])
def test_the_proxys_refusals_have_no_address(path: str, place: Proxy) -> None:
    assert ask(place, path)[0] == 404


def test_the_largest_body_is_the_one_that_ingest_takes() -> None:
    settings = read(settings_of("ingest"), EMBEDDED.environment("ingest-web"))
    (limit,) = re.findall(r"client_max_body_size (\d+)m;", (ROOT / "deploy/proxy/nginx.conf").read_text())
    assert int(limit) * 1024 * 1024 == settings.largest


def test_a_body_of_the_largest_size_passes_and_a_larger_one_is_refused_in_our_words(place: Proxy) -> None:
    largest = bytes(50 * 1024 * 1024)
    status, _, body = ask(place, "/v1/submissions", method="POST", body=largest)
    assert (status, json.loads(body)["size"]) == (200, len(largest))
    english = {"Accept-Language": "en-GB,en;q=0.8", "Content-Length": str(len(largest) + 1)}
    status, headers, body = ask(place, "/v1/submissions", method="POST", body=b"", headers=english)
    told = json.loads(body)
    assert (status, headers["Content-Type"]) == (413, "application/problem+json")
    words = refusal(413)
    assert told["type"] == f"urn:muara:masalah:{words.code}"
    assert (told["title"], told["detail"]) == (words.title.en, words.detail.en)
    assert (told["status"], told["instance"]) == (413, "/v1/submissions")


def test_a_service_that_is_away_is_a_503_that_says_when_to_come_again(tmp_path: Path) -> None:
    nobody = dict.fromkeys(SERVICES, "127.0.0.1:1")
    with proxy(tmp_path / "muara", nobody) as place:
        status, headers, body = ask(place, '/v1/opd/"x"')
    assert (status, headers["Retry-After"]) == (503, "5")
    told = json.loads(body)
    assert (told["title"], told["instance"]) == (refusal(503).title.id, "/v1/opd/")


@pytest.mark.parametrize("service", SERVICES)
def test_who_sets_it_up_reaches_the_whole_of_each_service(service: str, place: Proxy) -> None:
    door = str(FIRST_PORT + SERVICES.index(service))
    assert answered_by(place, "/v1/copies", door=door) == service


def test_the_tls_that_the_guide_shows_works(tmp_path: Path) -> None:
    """Its own block of the guide, with a certificate made here."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl: not installed")
    guide = (ROOT / "docs/guides/ops.md").read_text()
    (shown,) = re.findall(r"```nginx\n(.*?)```", guide, re.DOTALL)
    key, certificate = tmp_path / "kunci.pem", tmp_path / "sertifikat.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", *kind, *subject, *files], check=True, capture_output=True)
    tls = shown.replace("tls/sertifikat.pem", str(certificate)).replace("tls/kunci.pem", str(key))
    with echoes() as upstreams, proxy(tmp_path / "muara", upstreams, tls=tls) as place:
        status, headers, _ = ask(place, "/v1/opd?limit=1", headers={"Host": "muara.daerah.example"})
        assert (status, headers["Location"]) == (308, "https://muara.daerah.example/v1/opd?limit=1")
        context = ssl.create_default_context(cafile=str(certificate))
        connection = http.client.HTTPSConnection("127.0.0.1", place.doors["8443"], context=context)
        connection.request("GET", "/v1/opd")
        told = json.loads(connection.getresponse().read())
        connection.close()
    assert told["headers"]["X-Forwarded-Proto"] == "https"
