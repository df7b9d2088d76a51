"""What an Apache error message names: user, method, URL and host.

httpd writes the *file* a request leads to, not what was asked for. What stands below the document root is the path of
the request, decoded; where no usual root is recognised the whole file name stands for it.
"""

import re
from dataclasses import dataclass

from core.action import Action
from ingestion.parse.waf import read_alert


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of a message add to its meaning."""

    user: bytes | None = None
    method: bytes | None = None
    url: bytes | None = None
    domain: bytes | None = None


NOTHING = Said()

_USER = (
    re.compile(rb'user (?P<user>.*)(?:: auth(?:entication|orization) failure for "(?P<url>[^"]*)": .*)\Z', re.DOTALL),
    re.compile(
        rb"(?:Digest: )?user `(?P<user>.*)' in realm `[^']*' (?:not found|denied by provider): (?P<url>.*)\Z", re.DOTALL
    ),
    re.compile(
        rb"(?:Digest: )?user (?P<user>.*)(?:: password mismatch| not found| denied by provider): (?P<url>.*)\Z",
        re.DOTALL,
    ),
    re.compile(
        rb"auth_ldap authenticate: user (?P<user>.*) authentication failed; URI (?P<url>.*?) \[.*\]\[.*\]\Z", re.DOTALL
    ),
)
_REQUEST = re.compile(
    rb"(?:(?:Invalid URI|Invalid method) in request |Cannot map )?\"?(?P<method>[A-Z][A-Z_-]{2,31}) (?P<url>[/*]?.*?)"
    rb"(?: HTTP/[0-9.]{1,3}\"?.*)?\Z",
    re.DOTALL,
)
_ODD_METHOD = re.compile(rb"Invalid method in request (?P<method>[^\s]{1,64})")
_URI = re.compile(
    rb"(?:invalid URI path \((?P<url>.*)\)|access to (?P<uri>/.*?) (?:denied|failed)(?: .*)?"
    rb"|client sent [ -~]{4,60}? \(see RFC2616 section 14\.23\): (?P<asked>/.*))\Z",
    re.DOTALL,
)
_FILE = re.compile(
    rb"(?:File does not exist|client denied by server configuration|script not found or unable to stat"
    rb"|Directory index forbidden by [A-Za-z ]{4,40}|Attempt to serve directory"
    rb"|Options ExecCGI is off in this directory"
    rb"|attempt to invoke directory as script|Symbolic link not allowed or link target not accessible"
    rb"|file permissions deny server access|Negotiation: discovered file\(s\) matching request"
    rb"|Primary script unknown|script): (?:uri )?(?P<file>.*?)(?: \(None could be negotiated\)\.?)?\Z",
    re.DOTALL,
)
_QUOTED_FILE = re.compile(rb"script '(?P<file>.*)' not found or unable to stat\Z", re.DOTALL)
_DIRECTORY = re.compile(rb"Cannot serve directory (?P<file>.*): No matching DirectoryIndex ", re.DOTALL)
_SITE = rb"(?:/[\w-]{1,64}(?:\.[\w-]{1,64}){1,5})?"
_ROOT = re.compile(
    rb"(?:[A-Za-z]:)?(?:"
    rb"/var/www(?:/vhosts)?" + _SITE + rb"(?:/(?:html|htdocs|httpdocs|public_html|public|web|www|webroot))?"
    rb"|/srv/(?:www|http|httpd)" + _SITE + rb"(?:/(?:html|htdocs|httpdocs|public_html|public|web|www))?"
    rb"|/home/[\w.-]{1,64}(?:/domains" + _SITE + rb")?/(?:public_html|htdocs|www|html|web)"
    rb"|/usr/local/(?:apache2?|httpd|www)(?:/[\w.-]{1,64})?/(?:htdocs|html|data|docs)"
    rb"|/usr/share/(?:nginx|httpd|apache2)/(?:html|htdocs)"
    rb"|/opt/[\w.-]{1,64}(?:/[\w.-]{1,64}){0,2}/(?:htdocs|public_html)"
    rb"|(?:/Program Files(?: \(x86\))?(?:/Apache Software Foundation)?)?"
    rb"/(?:xampp|Apache[\w.]{0,8}|wamp(?:64)?)/(?:htdocs|www)"
    rb"|/inetpub/wwwroot|/(?:usr/lib|usr/local/lib)(?=/cgi-bin(?:/|\Z))"
    rb")(?=/|\Z)"
)


def said(action: Action | None, message: bytes) -> Said:
    """User, method, URL and domain where the message of that action names them."""
    if action in _FIREWALL:
        alert = read_alert(message)
        return Said(url=alert.url, domain=alert.host) if alert else NOTHING
    if action is Action.LOGIN_FAILED or message.startswith(b"user "):
        return _of_user(message)
    return _of_request(message) if action in _NAMING or action is None else NOTHING


_FIREWALL = frozenset({Action.WAF_ALERT, Action.WAF_BLOCKED})
_NAMING = frozenset(
    {Action.BAD_REQUEST, Action.BAD_METHOD, Action.NOT_FOUND, Action.ACCESS_DENIED, Action.PERMISSION_DENIED}
)


def _of_user(message: bytes) -> Said:
    for pattern in _USER:
        found = pattern.match(message)
        if found:
            return Said(user=found["user"], url=found["url"])
    return NOTHING


def _of_request(message: bytes) -> Said:
    for pattern in (_FILE, _QUOTED_FILE, _DIRECTORY):
        file = pattern.match(message)
        if file:
            return Said(url=served_path(file["file"]))
    uri = _URI.match(message.removeprefix(b"(13)Permission denied: "))
    if uri:
        return Said(url=uri["url"] or uri["uri"] or uri["asked"])
    request = _REQUEST.match(message)
    if request and (message.startswith((b"Invalid ", b"Cannot map")) or request["url"].startswith(b"/")):
        return Said(method=request["method"], url=request["url"])
    odd = _ODD_METHOD.match(message)
    return Said(method=odd["method"]) if odd else NOTHING


def served_path(file: bytes) -> bytes:
    """`/var/www/html/a/b` as the request path `/a/b`; a file below no usual root as it is."""
    found = _ROOT.match(file)
    return (file[found.end() :] or b"/") if found else file
