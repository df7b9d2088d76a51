"""Values in, whether they escape their place as SQL out; every silent value is something people write."""

import pytest

from detection.sql import injects
from detection.sql_tokens import kinds


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"1 or 2=3", "n&n=n"),
        (b"select a, b from t", "Sw,wFw"),
        (b"x' -- rest", "wq"),
        (b"'a' || 'b'", "s|s"),
        (b"sleep(5)", "D(n)"),
        (b"union /*x*/ all(select", "Ua(S"),
        (b"a # b", "wc"),
        (b"one -- two\x0bthree", "ww"),
        (b"drop table lamp", "TIw"),
        (b"@@version", "V"),
    ],
)
def test_kinds(value: bytes, expected: str) -> None:
    assert kinds(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        b"7' or 'm'='m",
        b"7) or (3=3",
        b'7" and 4=5 -- ',
        b"zz'--",
        b"zz') #",
        b"7 union select null,null",
        b"7/**/union/**/select/**/pw/**/from/**/staff",
        b"7;drop table staff--",
        b"7 and sleep(9)",
        b"'||(select 3)||'",
        b"7 order by 12-- ",
        b"7' group by 3 having 4=4--",
        b"7 and (select count(*) from staff)>3",
        b"' or true--",
        b"7 rlike (select (case when (3=4) then 7 else 8 end))",
        b"7;waitfor delay '0:0:9'--",
        b"-7' union all select @@version#",
        b"x' and extractvalue(3,concat(4,user()))--",
        b"7 procedure analyse(extractvalue(3,4),5)",
        b"(select 9)",
        b"7 or 3 like 3",
    ],
)
def test_injections(value: bytes) -> None:
    assert injects(value)


@pytest.mark.parametrize(
    "value",
    [
        b"O'Brien",
        b"O'Brien and sons",
        b"it's five o'clock",
        b"select your union rep",
        b"drop table lamp",
        b"black and white",
        b"1 or 2",
        b'Die "Union von Europa"',
        b"rock 'n' roll",
        b"x=1 and y=2",
        b"update: now open",
        b"5 > 3",
        b"(a) or (b)",
        b"a -- b",
        b"#1",
        b"C# and F#",
        b"where is it",
        b"order by mail",
        b"two, three and four",
        b"the 'best' of",
        b"f(x) and g(y)",
        "東京 and 大阪".encode(),
        b"dave's; and more",
        b"<b>1 and 2</b>",
        b"having fun",
        b"like this",
        b"null",
        b"",
    ],
)
def test_language(value: bytes) -> None:
    assert not injects(value)


def test_a_long_value_is_read_in_bounded_time() -> None:
    assert not injects(b"(" * 8000 + b"'" * 191)
