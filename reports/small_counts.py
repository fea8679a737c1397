"""Counts of people or cases below the smallest figure that is shown, as they are said in Chinese words.

A figure that is hidden in the table tells as much in a sentence beside it. What counts no people ("两次", "1个月"), what is no count
("第一例", "一对一", "前三名"), what only bounds from below ("3名以上") and the centre's own staff ("2名社工") may be said.
"""

from __future__ import annotations

import re

from django.conf import settings

_DIGITS = {"〇": 0, "零": 0, "一": 1, "壹": 1, "二": 2, "两": 2, "贰": 2, "俩": 2, "三": 3, "叁": 3, "仨": 3, "四": 4, "肆": 4,
           "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}  # fmt: skip
_TENS = "十拾百千万亿廿卅"  # with one of these a number is at least ten
_CHINESE = f"[{''.join(_DIGITS)}{_TENS}]+"
_NUMBER = rf"\d+(?:[.,]\d+)*|{_CHINESE}"
_WIDE = {ord(wide): narrow for wide, narrow in zip("０１２３４５６７８９，．", "0123456789,.", strict=True)}

_KIND = "未成年|成年|受侵害|受害|被害|困境|留守|残疾|新增|新|老年|小|女|男|家暴|性侵"
_PEOPLE = (
    "孩子|小孩|孩|女童|男童|女性|男性|女子|男子|当事人|求助人|求助者|来访者|受害者|母亲|父亲|案件|案例|案子|案|投诉|求助|纠纷"
    "|(?:老人|学生|家庭|妇女|儿童|人)(?!民|儿童|之家|保护|维权|教育|关爱|工作|活动)"
)
_COUPLES = "夫妻|夫妇|母女|母子|父女|父子|姐妹|姊妹|兄弟|兄妹|姐弟|情侣|恋人|婆媳|双胞胎|当事人"
_EVENT = "案|事件|纠纷|家暴|家庭暴力|性侵|虐待|投诉|求助|警情"
_STAFF = "工作人员|社工|值班|接线员|咨询师|律师|志愿者|网格员|专家|干部|同事|职工|主任|管理员|专职|兼职|心理|法律"
# What such a number may stand before. "一起" is mostly "together", and "人民" begins the name of a court.
_COUNTED = (
    rf"人(?!民)|名|位|例(?![外如])|件(?!(?:大|小|好|实|要|急|新)*事)|(?<!一)起|(?<=一)起(?=(?:{_KIND}|涉\w{{1,6}}?|疑似|重大|典型)?(?:{_EVENT}))"
    rf"|户(?![籍口])|宗|案|对(?=(?:{_KIND})?(?:{_COUPLES}))|个\s*个?(?:{_KIND})*(?:{_PEOPLE})"
)
_COUNT = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<counted>{_COUNTED})次?")
# "其中未成年人数为2": the number comes last, and nothing that it counts stands behind it.
_NAMED = re.compile(
    rf"(?:人数|人次|件数|案件数|户数|例数)\s*(?:仅?为|仅有?|只有|是|[:：=])\s*(?P<number>{_NUMBER})(?!\.?\d|,\d{{3}}(?!\d)|{_CHINESE})"
    rf"(?!\s*(?:[%％‰倍成]|个百分点|{_COUNTED}))"
)
_MAY_BE_SAID_AFTER = re.compile(rf"\s*(?:(?:及|或|和)?以上|(?:新|老|驻点|本中心)?(?:{_STAFF}))")
# Words in which a numeral counts nothing.
_NO_COUNT = re.compile(
    rf"第\s*(?:{_NUMBER})|(?:周|星期|礼拜)[一二三四五六]|(?<![目此之日当以先生婚产])前\s*(?:{_NUMBER})\s*[名位]|每\s*(?:{_NUMBER})\s*个?\w|任何一\w"
    r"|一对一|[一两三四][人户案件例名]一\w|一案双查|[二两三四]位[一数]|[1-9]位数|[三四]位一体|[统单唯之逐专归划其不进]一|一一(?=[^人名位例件起户宗案])"
)


def small_counts(text: str) -> list[str]:
    """The words in which this text counts fewer than SMALL_CELL people or cases, in their order, each once."""
    plain = text.translate(_WIDE)
    # As long as before, so that what is found can be cut out of the text as it was written.
    plain = _NO_COUNT.sub(lambda found: "□" * len(found[0]), plain)
    few = [
        found
        for found in _COUNT.finditer(plain)
        if _is_small(found["number"]) and not _MAY_BE_SAID_AFTER.match(plain, found.end("counted"))
    ]
    few += [found for found in _NAMED.finditer(plain) if _is_small(found["number"])]
    few.sort(key=lambda found: found.start())
    return list(dict.fromkeys(text[found.start() : found.end()].rpartition("，")[2] for found in few))


def _is_small(number: str) -> bool:
    value = _value(number)
    return value is not None and 0 < value < settings.SMALL_CELL


def _value(number: str) -> int | None:
    """Of "12", "1,234", "十二", "三四" (three or four: the lesser). None for what is no whole number."""
    if number[0].isascii():
        if re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d+", number):
            return int(number.replace(",", ""))
        last = number.rpartition(",")[2]  # "共7,2人": the comma of a sentence
        return int(last) if last.isdigit() else None
    if any(sign in _TENS for sign in number):
        return 10
    digits = [_DIGITS[sign] for sign in number]
    if len(digits) == 2 and digits[0] and 0 < digits[1] - digits[0] <= 2:  # "三四", "三五"
        return digits[0]
    return int("".join(map(str, digits)))
