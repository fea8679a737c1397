"""CSV files of lists, and the codes by which cases are told apart in them."""

from __future__ import annotations

import csv
import io
import re
import uuid

import pytest
from pytest_django.fixtures import Settings

from core.casecode import case_code
from core.numbers import ALPHABET
from core.spreadsheets import csv_file, plain


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert plain(text) == f"'{text}"


def test_other_cells_stay_what_they_are() -> None:
    assert [plain(cell) for cell in ("刘", "a=b", 0, 12, None, "")] == ["刘", "a=b", "0", "12", "", ""]


def test_a_file_is_read_as_chinese_by_office_programs() -> None:
    answer = csv_file("list", ["姓名"], [["=刘"], ["王\n芳"]])
    assert answer.content.startswith("\ufeff".encode())
    assert re.search(r'filename="list-\d{8}\.csv"', answer["Content-Disposition"])
    assert list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))) == [["姓名"], ["'=刘"], ["王\n芳"]]


def test_the_code_of_a_case_is_always_the_same_and_says_nothing_of_its_id() -> None:
    ids = [uuid.uuid4() for _ in range(2000)]
    codes = [case_code(one) for one in ids]
    assert codes == [case_code(one) for one in ids]
    assert len(set(codes)) == len(ids)
    assert all(re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code) for code in codes)
    assert not any(str(one)[:4].upper() == code[:4] for one, code in zip(ids, codes, strict=True))


def test_the_code_outlives_a_new_root_key(settings: Settings) -> None:
    one, before = uuid.uuid4(), settings.CAREMGMT_KEYS
    code = case_code(one)
    settings.CAREMGMT_KEYS = f"later:{'A' * 43}=,{before}"
    assert case_code(one) == code
    settings.CAREMGMT_KEYS = f"other:{'A' * 43}="
    assert case_code(one) != code
