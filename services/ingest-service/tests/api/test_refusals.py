"""What is refused, and how: in both languages, as a problem, and without a trace among the submissions."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

Refused = Callable[[Any, str], Any]


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return made.getvalue()


def crowded() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(1001):
            archive.writestr(str(number), b"")
    return made.getvalue()


def push(**told: Any) -> Refused:
    return lambda house, language: house.push(
        **told, headers=house.headers(key="k", Accept_Language=language)
    )


def knock(headers: dict[str, str]) -> Refused:
    """With these headers in place of our own; None leaves one out."""

    def refused(house: Any, language: str) -> Any:
        own = house.headers(key="k", Accept_Language=language) | headers
        return house.push(headers={name: value for name, value in own.items() if value is not None})

    return refused


def rows(body: Any) -> Refused:
    return lambda house, language: house.push_rows(body, "k", Accept_Language=language)


def raw(data: Any, type: str) -> Refused:
    """These bytes, or what ``data`` makes anew for each request."""
    return lambda house, language: house.client.post(
        "/v1/submissions",
        headers=house.headers(key="k", Accept_Language=language),
        data=data() if callable(data) else data,
        content_type=type,
    )


def told(**fields: Any) -> dict[str, Any]:
    return {"dataset": "35.08/rumah-sakit", "period": "2024", **fields}


def a_file(name: str = "a.csv") -> tuple[io.BytesIO, str, str]:
    return io.BytesIO(b"a\n1\n"), name, "text/csv"


FORM = "multipart/form-data"
JSON = "application/json"
A_KEY = "Bearer muara_0123456789ab_" + "x" * 43
NONE: Any = None
ROWS = told(rows=[{"a": 1}])
XLSX = {"name": "x.xlsx", "type": ""}

REFUSALS: dict[str, tuple[Refused, int, str]] = {
    "no key": (knock({"Authorization": NONE}), 401, "kunci-tidak-ada"),
    "no bearer": (knock({"Authorization": "Basic ZGlua2Vz"}), 401, "kunci-tidak-ada"),
    "wrong key": (knock({"Authorization": A_KEY}), 401, "kunci-salah"),
    "odd key": (knock({"Authorization": "Bearer k\xfcnci"}), 401, "kunci-salah"),
    "the desk does not push": (knock({"Authorization": "Bearer meja-walidata-lumajang"}), 401, "kunci-salah"),
    "no idempotency key": (knock({"Idempotency-Key": NONE}), 400, "kunci-idempotensi"),
    "blank idempotency key": (knock({"Idempotency-Key": "a b"}), 400, "kunci-idempotensi"),
    "long idempotency key": (knock({"Idempotency-Key": "x" * 201}), 400, "kunci-idempotensi"),
    "strange idempotency key": (knock({"Idempotency-Key": "k\xe9"}), 400, "kunci-idempotensi"),
    "unknown dataset": (push(dataset="35.08/tak-ada"), 422, "dataset-tidak-dikenal"),
    "dataset of another region": (push(dataset="35.71/rumah-sakit"), 422, "dataset-tidak-dikenal"),
    "another OPD's dataset": (push(dataset="35.08/jumlah-penduduk"), 403, "dataset-opd-lain"),
    "empty file": (push(file=b""), 422, "kosong"),
    "wrong type": (push(name="x.pdf", type="application/pdf"), 415, "jenis-berkas"),
    "no type, no suffix": (push(name="x", type=""), 415, "jenis-berkas"),
    "a script for a name": (push(name="<script>.exe", type=""), 415, "jenis-berkas"),
    "zip bomb": (push(file=bomb(), **XLSX), 422, "zip-terlalu-besar"),
    "zip bomb called ODS": (push(file=bomb(), name="x.ods", type=""), 422, "zip-terlalu-besar"),
    "crowded zip": (push(file=crowded(), **XLSX), 422, "zip-terlalu-besar"),
    "no period": (push(period=""), 422, "metadata-salah"),
    "period nonsense": (push(period="../2024"), 422, "metadata-salah"),
    "period with a line more": (push(period="2024\n"), 422, "metadata-salah"),
    "endless period": (push(period="2" * 21), 422, "metadata-salah"),
    "unknown metadata": (push(opd="dinkes", penerbit="saya"), 422, "metadata-salah"),
    "urusan nonsense": (push(bidang_urusan="satu"), 422, "metadata-salah"),
    "repairs unknown": (push(repairs="tak-ada"), 422, "perbaikan-tidak-dikenal"),
    "two files": (raw(lambda: told(file=[a_file(), a_file("b.csv")]), FORM), 422, "satu-berkas"),
    "two parts": (raw(lambda: told(file=a_file(), lampiran=a_file()), FORM), 422, "satu-berkas"),
    "no file": (raw(told(), FORM), 422, "satu-berkas"),
    "file as a field": (raw(told(file="a,b\n1,2\n"), FORM), 422, "metadata-salah"),
    "a field twice": (
        raw(lambda: told(file=a_file(), dataset=["35.08/rumah-sakit"] * 2), FORM),
        422,
        "metadata-salah",
    ),
    "empty form": (raw(b"", FORM), 422, "metadata-salah"),
    "no boundary": (raw(b"--x\r\n\r\n", FORM), 422, "metadata-salah"),
    "a form cut off": (raw(b"--x\r\nContent-Dispo", f"{FORM}; boundary=x"), 422, "metadata-salah"),
    "nothing at all": (raw(b"", ""), 415, "jenis-permintaan"),
    "plain text": (raw(b"a,b\n1,2\n", "text/csv"), 415, "jenis-permintaan"),
    "empty JSON": (raw(b"", JSON), 422, "kosong"),
    "malformed JSON": (rows(b'{"dataset": '), 400, "json-tidak-terbaca"),
    "JSON that is no UTF-8": (rows(b'{"dataset": "\xff"}'), 400, "json-tidak-terbaca"),
    "deep JSON": (rows(b'{"rows":' + b"[" * 100_000), 400, "json-tidak-terbaca"),
    "deep and whole JSON": (rows(b"[" * 50_000 + b"]" * 50_000), 400, "json-tidak-terbaca"),
    "a number without end": (rows(b'{"rows": [' + b"9" * 10_000 + b"]}"), 400, "json-tidak-terbaca"),
    "half a letter": (
        rows(json.dumps({**ROWS, "dataset": "35.08/\ud800"}).encode()),
        400,
        "json-tidak-terbaca",
    ),
    "half a letter in repairs": (
        rows(json.dumps({**ROWS, "repairs": "\ud800"}).encode()),
        400,
        "json-tidak-terbaca",
    ),
    "JSON null": (rows(b"null"), 422, "metadata-salah"),
    "JSON list": (rows([ROWS]), 422, "metadata-salah"),
    "rows missing": (rows(told()), 422, "metadata-salah"),
    "rows not a list": (rows(told(rows={"a": 1})), 422, "metadata-salah"),
    "rows of no objects": (rows(told(rows=[1, "dua", None])), 422, "metadata-salah"),
    "dataset not text": (rows({**ROWS, "dataset": 7}), 422, "metadata-salah"),
    "metadata null": (rows({**ROWS, "period": None}), 422, "metadata-salah"),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_a_refusal_is_a_problem_in_both_languages_and_nothing_is_accepted(why: str, house: Any) -> None:
    refused, status, code = REFUSALS[why]
    indonesian, english = refused(house, ""), refused(house, "en-GB,en;q=0.9,id;q=0.1")
    for answer in (indonesian, english):
        assert (answer.status_code, answer.json["code"]) == (status, code)
        assert answer.content_type == "application/problem+json"
        assert answer.json["status"] == status
    assert (indonesian.headers["Content-Language"], english.headers["Content-Language"]) == ("id", "en")
    assert indonesian.json["detail"] != english.json["detail"]
    assert house.stored() == []


def test_a_revoked_key_is_as_wrong_as_any(house: Any, noon: Any) -> None:
    from ingest_service.storage import DocumentIntegrations

    integrations = DocumentIntegrations(house.ground.documents)
    for each in integrations.all():
        integrations.revoke(each.id, noon)
    answer = house.push()
    assert (answer.status_code, answer.json["code"]) == (401, "kunci-salah")
    assert "WWW-Authenticate" in answer.headers


def test_what_is_wrong_with_the_metadata_is_told_by_field_in_the_language_asked_for(house: Any) -> None:
    answer = house.push(period="", penerbit="saya")
    assert {"field": "penerbit", "message": "Isian ini tidak dikenal."} in answer.json["errors"]
    assert {each["field"] for each in answer.json["errors"]} == {"period", "penerbit"}


def test_a_field_sent_twice_is_named(house: Any) -> None:
    answer = house.push(period=["2023", "2024"])
    assert answer.json["errors"] == [
        {"field": "period", "message": "Isian ini dikirim lebih dari sekali."},
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"period": "Tahun 2025"}, "Tulis seperti 2024, 2024-S1, 2024-T3, atau 2024-07."),
        ({"bidang_urusan": "2.13.1"}, "Tulis seperti 2.13."),
    ],
)
def test_who_wrote_it_in_another_form_is_told_how_it_is_written(
    given: dict[str, str], told: str, house: Any
) -> None:
    (error,) = house.push(**given).json["errors"]
    assert error == {"field": next(iter(given)), "message": told}


def test_a_file_under_another_name_is_named(house: Any) -> None:
    answer = raw(lambda: told(berkas=a_file()), FORM)(house, "id")
    assert answer.json["detail"].endswith("bagian `file`; berkas yang datang: berkas.")


def test_of_a_million_bad_rows_a_few_are_told(house: Any) -> None:
    answer = house.push_rows(told(rows=[1] * 5000))
    assert len(answer.json["errors"]) == 20


@pytest.mark.parametrize("of", ["another OPD", "another dataset"])
def test_a_repair_of_what_is_not_theirs_is_as_unknown_as_what_never_was(of: str, house: Any) -> None:
    theirs = {"opd": "dispendukcapil", "dataset": "35.08/jumlah-penduduk"}
    first = house.push("asal", **(theirs if of == "another OPD" else {"dataset": "35.08/puskesmas"})).json
    answer = house.push("perbaikan", repairs=first["submission"])
    assert (answer.status_code, answer.json["code"]) == (422, "perbaikan-tidak-dikenal")
    assert len(house.stored()) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../../etc/cron.d/data.csv", "data.csv"),
        ("\u202edata.csv", "data.csv"),
    ],
)
def test_of_a_path_in_the_filename_the_last_part_is_kept(given: str, kept: str, house: Any) -> None:
    assert house.push(name=given).status_code == 202
    assert house.stored()[0].body["filename"] == kept


def test_a_line_break_in_the_filename_reaches_no_header(house: Any) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="dataset"\r\n\r\n35.08/rumah-sakit\r\n'
        b'--b\r\nContent-Disposition: form-data; name="period"\r\n\r\n2024\r\n'
        b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x.csv"
        b"\r\n\r\na\n1\n\r\n--b--\r\n"
    )
    answer = house.client.post(
        "/v1/submissions", headers=house.headers(), data=body, content_type="multipart/form-data; boundary=b"
    )
    assert answer.status_code == 202
    assert "Set-Cookie" not in answer.headers
    assert house.stored()[0].body["filename"].isprintable()


def test_too_much_is_413_in_both_doors(make_house: Callable[..., Any]) -> None:
    house = make_house(largest=10_000)
    for answer in (house.push(file=b"x" * 10_001), house.push_rows(told(rows=[{"a": "x" * 10_001}]))):
        assert (answer.status_code, answer.json["code"]) == (413, "terlalu-besar")
        assert answer.json["limit"] == 10_000
    assert house.stored() == []
