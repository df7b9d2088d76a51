"""Does a value, put where an application puts values, change the SQL around it? A grammar over token kinds.

A value is read three times: as it stands, behind an opening `'` and behind an opening `"`. What natural language never
does decides: closing the quote and going on in SQL, a comparison of two literals behind AND or OR, a UNION with a
select list, a nested SELECT, a stacked statement, or a call of a function nobody needs but an attacker.
"""

import re
from collections.abc import Iterator

from core.field import Field
from detection.prose import is_prose
from detection.query_filter import is_whole_filter
from detection.sql_tokens import kinds

MAX_VALUE = 8192
_PARAMETERS = re.compile(rb"(?<!&)&(?=[\w\[\]().%$-]{1,60}=)")
_VALUE = re.compile(rb"[\w\[\]().%$-]{0,60}=(.*)", re.DOTALL)

_ANYWHERE = re.compile(
    r"""Ua*\(*Sa*\(*(?:[nsvVqo]|[fgD]\(|w[,=FH;c)(o]|w[wa]?F|K)
    |[nsvVw)][)]*[&|][!(o]*(?:[nsq][)]*(?:on[)]*){0,4}[=l]!*\(*[nsqvV(KSfgD]|[fgD]\(.*[)][=l]|[fD]\(.*[)](?:$|c|&)|D\(|V|\(*S|K|[wv][=l]\(*S)
    |[=,(o&|!]\(*\(Sa*[(]*(?:[nsvVo]|[fgD]\(|w[,F=]|K|S)
    |^\(+Sa*\(*(?:[nsvVo]|[fgD]\(|w[,F]|[!&]+)
    |^!?\(+!?[fD]\(+S
    |;+\(*(?:TIw|TIs|TIn|TFw|TwI|Tvw|T[ID]|D|DI|S[nsvVo(]|S[fgD]\(|Sw[,F]|Tv|Ts|T[fg]\(.*S)
    |(?<!w)D\(.*[)](?:[=l&|,)o;c]|$)
    |[=&|,(o;]\(*D
    |Kk.*[=l].*kn|Kk.*[=l].*ks
    |(?:^|[nsvw)])[)]*H!?\(*[nsq][)]*[=l]\(*[nsq]
    |B(?:n|w)(?:,[nw])*(?:c|H|;|U)|BnM?c?$
    |MD\(|M[fg]\(n?,?n?[fD]
    |I[sq]$|Is[wFc]
    |^[&|]+[!(]*[wnsvIfg][()w]*o?=
    |^S\(*[fD]\(|Sa?o*n,n|^\(+S$|=\(+S
    |[)sn;!]a[wsqI!]{0,2}F
    |;+[fD]\(|[fgD]\([nws]=n|\(n=n\)o|^\((?:(?!ww).)*\)c$|^o?nU$|B[fD]\(|f\(\)[&=]
    |Kk(?:(?!ww).){1,8}k|\)k[nws]{1,3}k
    |^nl!?n$|^s!?l[sq]|^s=q$|^n!l[ns]
    |^S(?:V|D\(|f\([nsq]?\)[;c])|[nsq)];+\(*T(?:c|;|[fgD]\()|^n;+T$|;TwF|^TwFs|U[aw]?n,n,n|[ns)]UI\(n
    |^(?:f\(){2,}n?\)+$|^[fD]\(n[=l]n|^\(n=n\)[o=]n|^\(+S[wn,]{0,8}[on,V][wn,o]{0,8}Fw|^[o;)=]+TI|FY
    |^Tv|^;+\(*[TS](?:[wIvo(]|$)|^\)+l\(|^[o=]+T$
    """,
    re.VERBOSE,
)
_CERTAIN = re.compile(
    r"Ua*\(*Sa*\(*[nsvVqo]|\(Sa*[(]*(?:[nsvVo]|[fgD]\(|w[,F])|D\(.*[)]|^s[)]*[&|]\(*[nsq][)]*[=l]|n[)]*[&|]\(*[nsq][)]*=[nsq]"
)
"""What is SQL even inside HTML or JavaScript, whose own punctuation looks like operators."""

_MARKUP = re.compile(
    rb"<[a-z!/?][^>]{0,200}(?:>|$)|javascript:|function\s{0,3}\w*\(|\bvar\s|\balert\(|\bdocument\.|\b(?:let|const)\s+\w+\s*=|\)\s*\{\s",
    re.IGNORECASE,
)
_BROKEN_OUT = re.compile(
    r"""s[)]*;*c
    |s[)]*[&|][!(o]*(?:n|q|s[=l)]|s$|sc|V|v[=l]|w[=l]|[fgD]\(|l\(|\(*S|K|x?$)
    |s[)]*[|o]+[!(]*(?:[sq]$|[sq][o|&=]|S|[fgD]\(|\(S|K|V|n[=|o]|nc|s[)]*c)
    |s[)]*[=l]!*\(*(?:[sq]|S|[fgD]\(|n[c&|)]|\(S)
    |s[)]*;+(?:T[IFwvsD]|S|K|$|D)
    |s[)]*(?:Ua*\(*S|BwH|B[nw(]|H!?\(*[nswfgDq]|Mn|MD|aw[H&;]|lw*w?[)]|,\(*(?:S|[fD]\(|\(S))
    |s[)]*l(?:\(*[nsqS(]|c)
    |s[)]+,
    |s[)]*&.*c$|s[)]*&g\(|s[)]*&wn$|s[=o]c|so?F=|sx?c=c
    """,
    re.VERBOSE,
)


_ESCAPED = re.compile(rb"%[0-9a-f]{2}", re.IGNORECASE)
_TAUTOLOGY = re.compile(
    rb"""(?:^|[\s)'"\d;])(?:or|and|xor|\|\||&&)[\s(!]*(["'`]{0,2})(\w{1,32})\1\s*(?:=|like\b|<=>|[<>]=)\s*\(?["'`]{0,2}\2\b""",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    rb"(?!.*\b(?:union|select|limit|order|group|having|where|from|like)\b)(?:(?:[a-z]{2,}\s+){2,8}\d+\s*=\s*\d+(?:\s+(?:and|or)\s+\d+\s*=\s*\d+)*"
    rb"|(?:[a-z]{2,}\s+){0,8}\d+\s*=\s*\d+(?:,?\s+(?!and\b|or\b)[a-z]{3,}){2,8}|\d+\s[<>]\s\d+\sand\s\d+\s[<>]\s\d+)[?.!]?",
    re.IGNORECASE,
)
"""Words beside words around a comparison of numbers: no expression of SQL goes on like that, and no comment ends it."""

_ELISION = re.compile(rb"\b([a-z]|qu|jusqu)'(?=(?:or|and|in|as|like)\b)", re.IGNORECASE)
"""French and Italian: the quote belongs to the word."""

_FIRST_OPENS = re.compile(rb"[^'\"`]*[a-z][^'\"`]*\s(['\"`])\S", re.IGNORECASE)
"""The first quote stands where prose opens one, behind a word and a blank: it hardly closes a string."""

_STRONG_BREAK = re.compile(
    r"s[)]*(?:[&|][!(o]*(?:[nsq]|[fgD]\(|\(*S)|;+(?:T[IFwvsD]|S)|Ua*\(*S|H!?\(*[nswfgDq]|B[nw(])"
)
_LABEL = re.compile(rb"#\w{1,30}(?![^\x0b\r]*[\x0b\r])")
"""A hash sign that leads a word is a number or a label (`"#1"`), unless a line end shows that it was a comment."""


def is_sql_injection(record: bytes, field: Field) -> bool:
    """Whether any value of the record carries SQL that escapes its place."""
    return any(injects(value) for value in values(record, field))


def values(record: bytes, field: Field) -> Iterator[bytes]:
    """The values an application would see: parameter values of a query or referrer, else the text itself."""
    text = record[:MAX_VALUE]
    if _ESCAPED.search(text):  # what it says stands in the decoded form, which is a record of its own
        return
    if b"+" in text and b" " not in text:  # a form value as logged; a sum keeps its meaning without the sign
        text = text.replace(b"+", b" ")
    if field == Field.REFERRER:
        _, mark, text = text.partition(b"?")
        if not mark:
            text = record[:MAX_VALUE]
    if field in (Field.QUERY, Field.REFERRER, Field.OTHER):
        for part in _PARAMETERS.split(text):
            named = _VALUE.fullmatch(part)
            yield named.group(1) if named else part
    elif field == Field.PATH:
        yield from (part for part in text.split(b"/") if len(part) > 3)
        yield text
    else:
        yield text


def injects(value: bytes) -> bool:
    """Whether one value escapes its place as SQL."""
    if is_prose(value, least=2) or is_whole_filter(value) or _SPOKEN.fullmatch(value):
        return False
    if _MARKUP.search(value):
        return any(_CERTAIN.search(kinds(quote + value)) for quote in (b"", b"'", b'"') if quote in value)
    if _TAUTOLOGY.search(value):
        return True
    value = _ELISION.sub(rb"\1", value)
    return bool(_ANYWHERE.search(kinds(value))) or any(
        _breaks_out(value, quote) for quote in (b"'", b'"', b"`") if quote in value
    )


def _breaks_out(value: bytes, quote: bytes) -> bool:
    """Whether the value closes a string that the application opened with `quote`, and goes on in SQL."""
    broken = kinds(quote + value.replace(b"\\" + quote, quote))
    if broken[:1] != "s":
        return False
    opens = _FIRST_OPENS.match(value)
    if opens is not None and opens[1] == quote:
        return _STRONG_BREAK.match(broken) is not None
    if broken == "sc" and _LABEL.match(value.partition(quote)[2].lstrip()):
        return False
    return bool(_BROKEN_OUT.match(broken) or _ANYWHERE.search(broken))
