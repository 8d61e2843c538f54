"""Usual mistakes in cells that are wrong anyway: each is told by name, with the value as it should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from muara_kernel.events.finding import Text
from validation_service.model.patterns import whole
from validation_service.model.rules.mistake import Mistake
from validation_service.model.rules.mistaken_dates import day_in_another_order, order_of
from validation_service.model.rules.mistaken_letters import mistaken_letters
from validation_service.model.rules.spelling import alike, as_usual, in_one_case
from validation_service.model.standard import Field, Standard

LARGEST_INTEGER = 2**63 - 1
LARGEST_NUMBER = "1.8e308"
MOST_ZEROS = 4
LONGEST = 200
_POINT_ZERO = re.compile(r"([+-]?[0-9]+)([.,]0*)")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE]\+?[0-9]+)?")
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_DIGITS = re.compile(r"[0-9][0-9.]*")


Explain = Callable[[Sequence[str | None]], list[Mistake | None]]
"""For each of the cells that break a rule the usual mistake in it."""


def mistaken_types(one: Field) -> Explain | None:
    """Of SD-01."""
    looks: dict[str, Callable[[str], Mistake | None]] = {
        "integer": lambda text: _of_integer(text, one),
        "number": _of_number,
        "date": lambda text: _of_date(text, one),
        "year": lambda text: None,
    }
    look = looks.get(one.type)
    return None if look is None else _each(lambda text: mistaken_letters(text, one) or look(text))


def mistaken_limits(rule: str, one: Field, expected: Text) -> Explain | None:
    """Of SD-03 and SD-04, where the values are texts; ``expected`` is what the rule's sentence says."""
    if one.type != "string":
        return None
    if rule == "SD-03" and one.pattern is not None:
        pattern = whole(one.pattern)
        return lambda cells: _of_pattern(cells, pattern, expected)
    if rule == "SD-04" and one.enum is not None:
        choices = frozenset(one.enum)
        by_space, by_case = alike(one.enum, as_usual), alike(one.enum, in_one_case)
        return _each(lambda text: _of_choice(text, choices, by_space, by_case, expected))
    return None


def mistaken_blanks(one: Field, standard: Standard) -> Explain:
    """Of NL-01: a mark that means something, in a column where it is no answer."""
    labels = {value.strip(): label for value, label in standard.missing_labels}
    hint = UNAVAILABLE_IN_KEY if one.name in standard.primary_key else UNAVAILABLE

    def meaning(text: str) -> Mistake | None:
        if not as_usual(text):
            return Mistake(ANEW, (("said", ONLY_INVISIBLE),)) if text.strip() else None
        if label := labels.get(text.strip()):
            said = Text(f' (tandanya berarti "{label}")', f' (its mark means "{label}")')
        else:
            said = Text(" (tandanya berarti tidak ada data)", " (its mark means that there is no data)")
        return Mistake(hint, (("said", said),))

    return _each(meaning)


ONLY_INVISIBLE = Text(" (isinya hanya huruf yang tidak tampak)", " (it holds only what nobody sees)")
ANEW = Text("Hapus isi sel ini, lalu ketik nilainya.", "Empty this cell, then type its value.")
UNAVAILABLE = Text(
    "Isi nilai yang sebenarnya. Tanda itu diterima di kolom wajib hanya bila standar datanya menyebut "
    "satudata:bolehTidakTersedia dan memberi tanda itu label.",
    "Fill in the actual value. A column that must be filled in takes such a mark only where its standard "
    "says satudata:bolehTidakTersedia and gives the mark a label.",
)
UNAVAILABLE_IN_KEY = Text(
    "Isi nilai yang sebenarnya: kolom kunci utama tidak menerima tanda itu.",
    "Fill in the actual value: a column of the primary key takes no such mark.",
)
TOO_LARGE = Text(
    "Bilangan ini terlalu besar untuk disimpan. Periksa angkanya; bila ini nomor atau kode, minta walidata "
    "menjadikan kolom ini teks.",
    "This number is too large to be held. Check its digits; if it is a code and no number, ask the walidata "
    "to make this column a text.",
)
CUT_SHORT = Text(
    "Lembar kerja menyingkatnya dengan E: format sel sebagai angka tanpa desimal, isi lagi dari sumbernya, "
    "lalu simpan ulang.",
    "A spreadsheet cut it short with E: format the cell as a number without decimals, fill it in again from "
    "its source, and save it again.",
)


def _each(look: Callable[[str], Mistake | None]) -> Explain:
    def explain(cells: Sequence[str | None]) -> list[Mistake | None]:
        known = {cell: look(cell) for cell in set(cells) if cell is not None and len(cell) <= LONGEST}
        return [known.get(cell) if cell is not None else None for cell in cells]

    return explain


def _of_integer(raw: str, one: Field) -> Mistake | None:
    text = raw.strip()
    if match := _POINT_ZERO.fullmatch(text):
        right, tail = match.groups()
        return Mistake(Text(f"Tulis tanpa {tail}: {right}.", f"Write it without {tail}: {right}."))
    if _INTEGER.fullmatch(digits := text.replace(one.group, "")) and abs(int(digits)) > LARGEST_INTEGER:
        least, most = -LARGEST_INTEGER - 1, LARGEST_INTEGER
        held = Text(f"bilangan bulat dari {least} sampai {most}", f"a whole number from {least} to {most}")
        return Mistake(TOO_LARGE, (("expected", held),))
    return Mistake(CUT_SHORT) if _EXPONENT.fullmatch(text) else None


def _of_number(text: str) -> Mistake | None:
    if not _NUMBER.fullmatch(text.strip()):
        return None
    hint = Text(
        "Bilangan ini terlalu besar; periksa angkanya.", "This number is too large; check its digits."
    )
    id_, en = "bilangan yang dapat disimpan, paling besar", "a number that can be held, of at most"
    return Mistake(hint, (("expected", Text(f"{id_} {LARGEST_NUMBER}", f"{en} {LARGEST_NUMBER}")),))


def _of_date(text: str, one: Field) -> Mistake | None:
    if (day := day_in_another_order(text)) is None:
        return None
    asked, written = order_of(one.date_format), text.strip()
    right = one.date_format.replace("%Y", f"{day:%Y}").replace("%m", f"{day:%m}").replace("%d", f"{day:%d}")
    return Mistake(
        Text(
            f"Ditulis {written}; standar meminta {right}.",
            f"It says {written}; the standard asks for {right}.",
        ),
        (("expected", Text(f"tanggal dalam urutan {asked.id}", f"a date in the order {asked.en}")),),
    )


def _of_pattern(cells: Sequence[str | None], pattern: str, expected: Text) -> list[Mistake | None]:
    """The first of the ways to write a cell anew that fits."""
    tried = {cell: list(_anew(cell, expected)) for cell in set(cells) if cell and len(cell) <= LONGEST}
    texts = list({text for ways in tried.values() for text, _ in ways})
    fit = pl.Series(texts, dtype=pl.String).str.contains(pattern)
    fitting = {text for text, fits in zip(texts, fit.to_list(), strict=True) if fits}
    meant = {
        cell: next((mistake for text, mistake in ways if text in fitting), None)
        for cell, ways in tried.items()
    }
    return [meant.get(cell or "") for cell in cells]


def _anew(cell: str, expected: Text) -> Iterator[tuple[str, Mistake]]:
    usual = as_usual(cell)
    yield usual, _only_spaces(usual, expected)
    for right in (usual.upper(), usual.lower()):
        yield right, _only_case(right, expected)
    yield from _zeros(cell)


def _of_choice(
    text: str, choices: frozenset[str], by_space: dict[str, str], by_case: dict[str, str], expected: Text
) -> Mistake | None:
    if right := by_space.get(as_usual(text)):
        return _only_spaces(right, expected)
    if right := by_case.get(in_one_case(text)):
        return _only_case(right, expected)
    return next((mistake for right, mistake in _zeros(text) if right in choices), None)


def _only_spaces(right: str, expected: Text) -> Mistake:
    said = Text(
        f"{expected.id}; yang berbeda hanya spasi atau huruf yang tidak tampak",
        f"{expected.en}; only spaces or invisible characters differ",
    )
    return Mistake(_exactly(right), (("expected", said),))


def _only_case(right: str, expected: Text) -> Mistake:
    said = Text(
        f"{expected.id}; yang berbeda hanya huruf besar dan kecilnya",
        f"{expected.en}; only upper and lower case differ",
    )
    return Mistake(_exactly(right), (("expected", said),))


def _exactly(right: str) -> Text:
    return Text(f'Tulis persis "{right}".', f'Write exactly "{right}".')


def _zeros(text: str) -> Iterator[tuple[str, Mistake]]:
    if not _DIGITS.fullmatch(text):
        return
    for count in range(1, MOST_ZEROS + 1):
        yield _as_text(f"{'0' * count}{text}", "Nol di depan hilang", "Zeros in front were lost")
    for count in range(1, MOST_ZEROS + 1):
        if text.startswith("0" * count):
            said = "There are too many zeros in front"
            yield _as_text(text[count:], "Nol di depan berlebih", said)
    yield _as_text(f"{text}0", "Nol di belakang hilang", "The zero at the end was lost")


def _as_text(right: str, id_: str, en: str) -> tuple[str, Mistake]:
    id_ = f"{id_}: tulis {right}, dan format sel sebagai teks."
    return right, Mistake(Text(id_, f"{en}: write {right}, and format the cell as text."))
