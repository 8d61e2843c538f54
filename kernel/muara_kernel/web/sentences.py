"""What we say when HTTP itself refuses: for each status a code, a title and a plain sentence."""

from __future__ import annotations

from dataclasses import dataclass

from muara_kernel.events.finding import Text


@dataclass(frozen=True)
class Refusal:
    """The words for a status nobody explained better."""

    code: str
    title: Text
    detail: Text


INTERNAL = Refusal(
    "kesalahan-internal",
    Text("Kesalahan di pihak kami", "An error on our side"),
    Text(
        "Terjadi kesalahan yang tidak kami duga. Ulangi nanti; bila terjadi lagi, sebutkan rujukan ini.",
        "Something went wrong that we did not expect. Try again later; if it stays, quote this reference.",
    ),
)

UNAVAILABLE = Refusal(
    "tidak-tersedia",
    Text("Layanan sedang tidak tersedia", "The service is not available"),
    Text(
        "Penyimpanan kami sedang tidak terjangkau. Tidak ada tanda terima yang diberikan; "
        "kirim lagi permintaan yang sama dengan Idempotency-Key yang sama.",
        "Our storage cannot be reached now. No receipt was given; "
        "send the same request again with the same Idempotency-Key.",
    ),
)

FULL = Refusal(
    "disk-penuh",
    Text("Disk penyimpanan penuh", "The disk is full"),
    Text(
        "Disk penyimpanan kami penuh. Tidak ada yang diterima; kirim lagi permintaan yang sama nanti.",
        "Our disk is full. Nothing was accepted; send the same request again later.",
    ),
)

TOO_LARGE_TO_KEEP = Refusal(
    "terlalu-besar",
    Text("Terlalu besar", "Too large"),
    Text(
        "Ini melebihi 16 MiB, batas satu dokumen kami. Tidak ada yang diterima; sederhanakan isinya.",
        "This is over 16 MiB, the limit of one of our documents. Nothing was accepted; simplify it.",
    ),
)

INVALID_JSON = Refusal(
    "json-tidak-terbaca",
    Text("JSON tidak terbaca", "Unreadable JSON"),
    Text(
        "Isi permintaan bukan JSON yang dapat dibaca.",
        "The body of the request is not JSON that can be read.",
    ),
)

_BY_STATUS = {
    400: Refusal(
        "permintaan-rusak",
        Text("Permintaan tidak dapat dibaca", "The request cannot be read"),
        Text("Permintaan ini tidak lengkap atau rusak.", "This request is incomplete or broken."),
    ),
    401: Refusal(
        "belum-dikenal",
        Text("Belum dikenal", "Not known"),
        Text("Sertakan kunci yang berlaku.", "Send a valid key."),
    ),
    403: Refusal(
        "tidak-berwenang",
        Text("Tidak berwenang", "Not allowed"),
        Text("Kunci ini tidak berwenang untuk permintaan ini.", "This key may not do this."),
    ),
    404: Refusal(
        "tidak-ditemukan",
        Text("Tidak ditemukan", "Not found"),
        Text("Tidak ada apa pun di alamat ini.", "There is nothing at this address."),
    ),
    405: Refusal(
        "metode-tidak-berlaku",
        Text("Metode tidak berlaku", "Method not allowed"),
        Text("Alamat ini tidak menerima metode tersebut.", "This address does not take this method."),
    ),
    406: Refusal(
        "bentuk-tidak-tersedia",
        Text("Bentuk tidak tersedia", "Not available in this form"),
        Text("Tidak tersedia dalam bentuk yang diminta.", "Not available in the form asked for."),
    ),
    409: Refusal(
        "bertentangan",
        Text("Bertentangan", "Conflict"),
        Text("Keadaan sudah berubah; baca lagi lalu ulangi.", "Things have changed; read again and repeat."),
    ),
    412: Refusal(
        "versi-bukan-terbaru",
        Text("Sudah diubah pihak lain", "Changed by somebody else"),
        Text("Versi yang Anda sebut bukan yang terbaru.", "The version you named is not the newest."),
    ),
    413: Refusal(
        "terlalu-besar",
        Text("Terlalu besar", "Too large"),
        Text("Isi permintaan melebihi batas.", "The body of the request is over the limit."),
    ),
    414: Refusal(
        "alamat-terlalu-panjang",
        Text("Alamat terlalu panjang", "Address too long"),
        Text("Alamat permintaan terlalu panjang.", "The address of the request is too long."),
    ),
    415: Refusal(
        "jenis-isi-tidak-didukung",
        Text("Jenis isi tidak didukung", "Unsupported media type"),
        Text(
            "Alamat ini tidak menerima jenis isi tersebut.",
            "This address does not take this type of content.",
        ),
    ),
    422: Refusal(
        "isian-tidak-sesuai",
        Text("Isian tidak sesuai", "Invalid fields"),
        Text("Beberapa isian tidak sesuai; lihat daftarnya.", "Some fields are not valid; see the list."),
    ),
    428: Refusal(
        "versi-tidak-disebut",
        Text("Versi harus disebut", "Version required"),
        Text("Sebutkan versi yang Anda baca (If-Match).", "Name the version you have read (If-Match)."),
    ),
    429: Refusal(
        "terlalu-banyak-permintaan",
        Text("Terlalu banyak permintaan", "Too many requests"),
        Text("Tunggu sebentar lalu ulangi.", "Wait a moment and try again."),
    ),
    431: Refusal(
        "header-terlalu-besar",
        Text("Header terlalu besar", "Headers too large"),
        Text(
            "Header permintaan terlalu panjang atau terlalu banyak.",
            "The headers of the request are too long or too many.",
        ),
    ),
    501: Refusal(
        "cara-kirim-tidak-didukung",
        Text("Cara kirim tidak didukung", "Unsupported transfer coding"),
        Text(
            "Transfer-Encoding ini tidak didukung; kirim dengan Content-Length atau chunked.",
            "This Transfer-Encoding is not supported; send with a Content-Length, or chunked.",
        ),
    ),
    503: UNAVAILABLE,
}

_OURS = INTERNAL
_YOURS = _BY_STATUS[400]


def refusal(status: int) -> Refusal:
    """The words for ``status``."""
    return _BY_STATUS.get(status, _YOURS if status < 500 else _OURS)
