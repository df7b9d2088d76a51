"""Does a value, put where an application puts values, change the SQL around it? A grammar over token kinds.

A value is read three times: as it stands, behind an opening `'` and behind an opening `"`. What natural language never
does decides: closing the quote and going on in SQL, a comparison of two literals behind AND or OR, a UNION with a
select list, a nested SELECT, a stacked statement, or a call of a function nobody needs but an attacker.
"""

import re
from collections.abc import Iterator

from core.field import Field
from detection.sql_tokens import kinds

MAX_VALUE = 8192
_PARAMETERS = re.compile(rb"(?<!&)&(?=[\w\[\]().%$-]{1,60}=)")
_VALUE = re.compile(rb"[\w\[\]().%$-]{0,60}=(.*)", re.DOTALL)

_ANYWHERE = re.compile(
    r"""Ua*\(*Sa*\(*(?:[nsvVqo]|[fgD]\(|w[,=FH;c)(o]|w[wa]?F|K)
    |[nsvVw)][)]*[&|][!(o]*(?:[nsq][)]*[=l]!*\(*[nsqvV(KSfgD]|[fgD]\(.*[)][=l]|[fD]\(.*[)](?:$|c|&)|D\(|V|\(*S|K|[wv][=l]\(*S)
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
    |^Tv|^;+\(*[TS](?:[wIvo(]|$)|^\)+l\(|^[o=]+T$
    """,
    re.VERBOSE,
)
_CERTAIN = re.compile(
    r"Ua*\(*Sa*\(*[nsvVqo]|\(Sa*[(]*(?:[nsvVo]|[fgD]\(|w[,F])|D\(.*[)]|^s[)]*[&|]\(*[nsq][)]*[=l]|n[)]*[&|]\(*[nsq][)]*=[nsq]"
)
"""What is SQL even inside HTML or JavaScript, whose own punctuation looks like operators."""

_MARKUP = re.compile(
    rb"<[a-z!/?][^>]{0,200}(?:>|$)|javascript:|function\s{0,3}\w*\(|\bvar\s|\balert\(|\bdocument\.", re.IGNORECASE
)
_BROKEN_OUT = re.compile(
    r"""s[)]*;*c
    |s[)]*[&|][!(o]*(?:n|q|s[=l)]|s$|sc|V|v[=l]|w[=l]|[fgD]\(|\(*S|K|x?$)
    |s[)]*[|o]+[!(]*(?:[sq]$|[sq][o|&=]|S|[fgD]\(|\(S|K|V|n[=|o]|nc|s[)]*c)
    |s[)]*[=l]!*\(*(?:[sq]|S|[fgD]\(|n[c&|)]|\(S)
    |s[)]*;+(?:T[IFwvsD]|S|K|$|D)
    |s[)]*(?:Ua*\(*S|BwH|B[nw(]|H!?\(*[nswfgDq]|Mn|MD|aw[H&;]|lw*w?[)]|,\(*(?:S|[fD]\(|\(S))
    |s[)]*(?:l\(*[nsqS(])
    |s[)]+,
    |s[)]*&.*c$|s[)]*&g\(|s[)]*&wn$|s[=o]c|so?F=|sx?c=c
    """,
    re.VERBOSE,
)


def is_sql_injection(record: bytes, field: Field) -> bool:
    """Whether any value of the record carries SQL that escapes its place."""
    return any(injects(value) for value in values(record, field))


def values(record: bytes, field: Field) -> Iterator[bytes]:
    """The values an application would see: parameter values of a query or referrer, else the text itself."""
    text = record[:MAX_VALUE]
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
    if _MARKUP.search(value):
        return any(_CERTAIN.search(kinds(quote + value)) for quote in (b"", b"'", b'"') if quote in value)
    if _ANYWHERE.search(kinds(value)):
        return True
    for quote in (b"'", b'"', b"`"):
        if quote in value:
            broken = kinds(quote + value.replace(b"\\" + quote, quote))
            if broken[:1] == "s" and (_BROKEN_OUT.match(broken) or _ANYWHERE.search(broken)):
                return True
    return False
