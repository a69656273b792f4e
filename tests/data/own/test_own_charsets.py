"""Texts in the encodings that people's programs save: read with the signs they were written in."""

from __future__ import annotations

import numpy as np
import pytest

from core.data import own

# Columns, towns and outcomes as people in these places write them, short and long.
WORDS = {
    "cp949": ("키,도시,결과", ("서울", "부산", "대구"), ("합격", "불합격")),
    "euc_kr": ("나이,성별,결과", ("남", "여", "기타"), ("예", "아니오")),
    "gbk": ("身高,城市,结果", ("北京", "上海", "广州"), ("合格", "不合格")),
    "gb18030": ("温度,天气,类别", ("晴", "雨", "多云"), ("是", "否")),
    "shift_jis": ("身長,都市,結果", ("東京", "大阪", "カイロ"), ("合格", "不合格")),
    "euc_jp": ("年齢,性別,結果", ("男性", "女性", "その他"), ("はい", "いいえ")),
    "big5": ("身高,城市,結果", ("臺北", "高雄", "臺中"), ("合格", "不合格")),
    "cp1252": ("Größe,Stadt,Ergebnis", ("Zürich", "Köln", "Genève"), ("ja", "nein")),
    "mac_roman": ("taille,ville,résultat", ("Besançon", "Orléans", "Genève"), ("oui", "non")),
    "cp1250": ("výška,město,výsledek", ("Plzeň", "České Budějovice", "Třebíč"), ("ano", "ne")),
    "cp1251": ("рост,город,результат", ("Москва", "Казань", "Омск"), ("да", "нет")),
    "koi8_r": ("рост,город,результат", ("Москва", "Казань", "Омск"), ("да", "нет")),
    "cp1253": ("ύψος,πόλη,αποτέλεσμα", ("Αθήνα", "Πάτρα", "Βόλος"), ("ναι", "όχι")),
    "cp1254": ("boy,şehir,sonuç", ("İzmir", "Muğla", "Şanlıurfa"), ("evet", "hayır")),
    "utf-8-sig": ("키,도시,결과", ("서울", "부산", "대구"), ("합격", "불합격")),
    "utf-16": ("키,도시,결과", ("서울", "부산", "대구"), ("합격", "불합격")),
    "utf-16-le": ("키,도시,결과", ("서울", "부산", "대구"), ("합격", "불합격")),
    "utf-16-be": ("Größe,Stadt,Ergebnis", ("Zürich", "Köln", "Genève"), ("ja", "nein")),
    "utf-32": ("키,도시,결과", ("서울", "부산", "대구"), ("합격", "불합격")),
    "iso2022_jp": ("身長,都市,結果", ("東京", "大阪", "カイロ"), ("合格", "不合格")),
}


def lines(encoding: str, rows: int = 40) -> bytes:
    header, towns, outcomes = WORDS[encoding]
    random = np.random.default_rng(3)
    body = [
        f"{random.normal(170, 9):.1f},{towns[row % 3]},{outcomes[row % 2]}" for row in range(rows)
    ]
    return "\n".join([header, *body, ""]).encode(encoding)


@pytest.mark.parametrize("rows", [20, 400])
@pytest.mark.parametrize("encoding", WORDS)
def test_text_is_read_with_the_signs_it_was_written_in(made, looked, encoding, rows):
    header, towns, outcomes = WORDS[encoding]
    names = tuple(header.split(","))
    content = lines(encoding, rows)
    look = looked(content, "a.csv")
    assert tuple(column.name for column in look.columns) == names
    assert {row[1] for row in look.found.first} == set(towns)
    choices = own.TableChoices(names[2], names[:2], "classification")
    facts = made(content, "a.csv", choices).facts
    assert facts.classes == tuple(sorted(outcomes))
    assert {name.partition(" = ")[2] for name in facts.features[1:]} == set(towns)


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("cp949", "Korean (CP949, EUC-KR)"),
        ("gbk", "Simplified Chinese (GBK, GB18030)"),
        ("cp1252", "Western European (Windows-1252)"),
        ("utf-16-le", "UTF-16, little-endian"),
    ],
)
def test_encoding_that_is_not_utf_8_is_told(looked, encoding, title):
    look = looked(lines(encoding), "a.csv")
    assert any(f"was read as {title}" in text for text in look.warnings)
    assert own.ENCODINGS[look.found.encoding] == title


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
def test_nothing_is_told_of_utf_8(looked, encoding):
    content = lines("utf-8-sig").decode("utf-8-sig").encode(encoding)
    look = looked(content, "a.csv")
    assert look.found.encoding == "utf-8"
    assert look.warnings == ()


def test_encoding_in_doubt_is_told_with_the_others(looked):
    look = looked(lines("shift_jis"), "a.csv")
    assert look.found.rivals == ("cp949",)
    assert "Look at the first rows, and choose another encoding" in " ".join(look.warnings)


def test_encoding_that_is_chosen_is_used(made, looked):
    content = lines("cp949")
    reading = own.TableReading(encoding="cp1252")
    look = looked(content, "a.csv", reading=reading)
    assert look.columns[0].name == "Å°"
    assert look.found.encoding == "cp1252"
    korean = own.TableReading(encoding="cp949")
    choices = own.TableChoices("결과", ("키",), "classification", korean)
    assert made(content, "a.csv", choices).facts.classes == ("불합격", "합격")


def test_signs_that_the_chosen_encoding_lacks_are_counted(looked):
    content = lines("cp1252")
    said = looked(content, "a.csv", reading=own.TableReading(encoding="cp949")).warnings
    assert any("could not be read in Korean" in text for text in said)


def test_few_broken_bytes_do_not_make_utf_8_another_encoding(looked):
    content = lines("utf-8-sig").decode("utf-8-sig").encode() + "170,서울,합격\n".encode()[:-3]
    look = looked(content + b"\n", "a.csv")
    assert look.found.encoding == "utf-8"
    assert any("1 sign could not be read in UTF-8" in text for text in look.warnings)


@pytest.mark.parametrize(
    "text",
    ["id,température °C,y", "x,5 €,y", "size µm,y,z", "“quoted”,Åse,y", "ciudad,año,Logroño"],
)
def test_few_western_signs_are_not_taken_for_those_of_asia(looked, text):
    rows = "\n".join(f"{row}.5,{row},{row % 2}" for row in range(30))
    look = looked(f"{text}\n{rows}\n".encode("cp1252"), "a.csv")
    assert ",".join(column.name for column in look.columns) == text


def test_sign_beyond_the_first_megabyte_is_read_in_its_encoding(made):
    rows = [f"{row}.25,{'ab'[row % 2]},{row % 3}" for row in range(90_000)]
    rows += [f"{row}.25,ü,{row % 3}" for row in range(400)]
    content = "\n".join(["x,town,y", *rows]).encode("cp1252")
    choices = own.TableChoices("y", ("town",), "classification")
    assert made(content, "a.csv", choices).facts.features == ("town = a", "town = b", "town = ü")
