"""Is a path the guessed name of an administration page: nothing but words of administration and their usual company?"""

import re

from core.field import Field

_CORE = re.compile(
    r"admin(?:s|cp|er|istrators?|istrate|istration|istratie|istrador|istracion|istrivia)?|administr\w{1,3}|adm|login|logon|log|signin"
    r"|sign|auth(?:enticate|entication|orize|user|admin)?|cpanel|kpanel|uvpanel|controlpanel|control|panel|cp|manager?|management"
    r"|moderator|webmaster|backoffice|backend|super|superuser|supervisor|superman|supervise|sysop|sysadm|root|operator|yonetim"
    r"|yonetici|kullanici|acceso|painel|gestion|verwaltung"
)
_COMPANY = frozenset(
    """user users web site cms db sql my mysql pg php bb simple secure manual process check is area home index
    center centre main page default account accounts acct member members client customer staff new old blog wp
    forum shop store server sys system file mail banner news ad ads affiliate private hidden secret first second
    real irc mac ldap vpn ssh ftp net data colon flat save ok error out off re x the top left right tool tools
    config cfg setup test demo beta dev v in on up db2 info menu frame header item items pro site2 lotus domino
    radmind meta utility support hp jet open direct power instant insta phpmy my2 vm big star topic project e es
    en fr de form forms script portal access""".split()
)
_EXTENSION = re.compile(r"\.(aspx?|cfm|brf|jsp|html?|cgi|pl|py|rb|js|do|php\d?)$")
_SCRIPTED = re.compile(r"\.(?:aspx?|cfm|brf|jsp|cgi|pl|py|rb|do|php\d?)$")
_SPLIT = re.compile(r"[\W_\d]+")
_ORDINARY = frozenset(
    "login logon signin sign log auth control manage manager management operator in out on up".split()
)
"""What an ordinary site calls its own doors: alone, and not as a script, they guess nothing."""


def guesses_admin_page(record: bytes, field: Field) -> bool:  # noqa: ARG001 - every predicate takes the field
    """Whether the last two segments of a path consist of such words only, with a word of administration among them."""
    segments = [part for part in record.decode("latin-1").lower().split("/") if part][-2:]
    if not segments or len(segments[-1]) > 48:
        return False
    if _guess(segments[-1]):
        return True
    return len(segments) > 1 and _guess(segments[0]) and _words(segments[1]) is not None


def _guess(segment: str) -> bool:
    words = _words(segment)
    if words is None or not any(_CORE.fullmatch(word) for word in words):
        return False
    return bool(set(words) - _ORDINARY) or _SCRIPTED.search(segment) is not None


def _words(segment: str) -> list[str] | None:
    """The words a segment is made of, glued or separated; None when something else is left."""
    found: list[str] = []
    for piece in _SPLIT.split(_EXTENSION.sub("", segment)):
        if not piece:
            continue
        words = _glued(piece)
        if words is None:
            return None
        found += words
    return found or None


def _glued(piece: str) -> list[str] | None:
    if piece in _COMPANY or _CORE.fullmatch(piece):
        return [piece]
    for cut in range(len(piece) - 1, 1, -1):
        head = piece[:cut]
        if head in _COMPANY or _CORE.fullmatch(head):
            rest = _glued(piece[cut:])
            if rest is not None:
                return [head, *rest]
    return None
