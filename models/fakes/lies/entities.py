"""B: addresses, users, paths and tools that are not there, not of this attack, or not spelled so."""

# ruff: noqa: ARG001 - every operator is given what any of them needs

from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network
from random import Random
from urllib.parse import unquote

from core.dimension import Dimension
from core.draft import Draft, DraftFinding, Statement, StatementKind, ValueCount
from models.fakes.lies import edit
from models.fakes.lies.lie import Decidable, Lie, LogFacts, Operator

LISTED = (StatementKind.TOP, StatementKind.PER_VALUE)
_NAMED = (StatementKind.ONLY,)
PROXIES = ("10.0.0.1", "172.16.0.254", "104.16.0.1")
TOOLS = ("sqlmap/1.8.2#stable", "Nikto/2.5.0", "hydra")


def blaming(draft: Draft, facts: LogFacts, addresses: Iterable[str]) -> list[Lie]:
    """Each address in place of the first source, beside the sources with a line more, and in the text alone."""
    lies: list[Lie] = []
    for address in addresses:
        lies += edit.findings(draft, lambda one, ip=address: _renamed(one, ip))  # type: ignore[misc]
        lies += edit.findings(draft, lambda one, ip=address: _beside(one, ip))  # type: ignore[misc]
        lies += edit.statements(draft, LISTED, lambda one, ip=address: _value(one, Dimension.IP, ip))  # type: ignore[misc]
        lies.append(edit.saying(draft, facts.words(f"{address} took part in it.", f"{address}も関与しました。")))
    return lies


def _renamed(one: DraftFinding, address: str) -> Iterable[edit.Changes]:
    if one.source_ips:
        first, *others = one.source_ips
        yield {"source_ips": [ValueCount(value=address, count=first.count), *others]}


def _beside(one: DraftFinding, address: str) -> Iterable[edit.Changes]:
    yield {"source_ips": [*one.source_ips, ValueCount(value=address, count=1)], "count": one.count + 1}


def _value(one: Statement, by: Dimension, name: str) -> Iterable[edit.Changes]:
    if one.by is by and one.values:
        yield {"values": [ValueCount(value=name, count=one.values[0].count), *one.values[1:]]}


def _respelled(one: Statement, by: Dimension, change: Callable[[str], str]) -> Iterable[edit.Changes]:
    if one.by is by:
        if one.values and (changed := change(one.values[0].value)) != one.values[0].value:
            yield from _value(one, by, changed)
        if one.name is not None and (changed := change(one.name)) != one.name:
            yield {"name": changed}


def respelling(draft: Draft, by: Dimension, *changes: Callable[[str], str]) -> list[Lie]:
    """The names of a dimension in other spellings, wherever a statement tells them."""
    lies: list[Lie] = []
    for change in changes:
        lies += edit.statements(
            draft,
            (*LISTED, *_NAMED),
            lambda one, by=by, change=change: _respelled(one, by, change),  # type: ignore[misc]
        )
    return lies


def _sources(draft: Draft) -> list[str]:
    return list(dict.fromkeys(each.value for one in draft.findings for each in one.source_ips))


def _neighbour(address: str) -> str:
    parsed = ip_address(address)
    return str(parsed + 1) if int(parsed) % 256 < 255 else str(parsed - 1)


def _b1(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    invented = f"{random.randint(1, 200)}.{random.randint(0, 255)}.{random.randint(0, 255)}.{random.randint(1, 254)}"
    near = [_neighbour(one) for one in _sources(draft)[:1]]
    return blaming(draft, facts, (invented, "192.0.2.250", "2001:db8::bad", *near))


def _b2(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    lies: list[Lie] = []
    for index, one in enumerate(draft.findings):
        own = {each.value for each in one.source_ips}
        for other in _sources(draft):
            if other not in own and one.source_ips:
                lies += [edit.finding(draft, index, **changes) for changes in _renamed(one, other)]
                text = facts.words(f"{other} did this.", f"{other}によるものです。")
                lies.append(edit.saying(draft, text, one.id))
    return lies


def _swapped(address: str, random: Random) -> str:
    digits = [at for at in range(len(address) - 1) if address[at].isalnum() and address[at + 1].isalnum()]
    at = random.choice(digits) if digits else 0
    return address[:at] + address[at + 1] + address[at] + address[at + 2 :]


def _b3(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    known = _sources(draft)[:2]
    typos = [one for address in known for one in (_swapped(address, random), address.rpartition(".")[0], address[:-1])]
    return blaming(draft, facts, [one for one in typos if one not in known])


def _b4(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return blaming(draft, facts, ("127.0.0.1", *facts.strangers[:2]))


def _b5(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return blaming(draft, facts, PROXIES)


def _b6(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """The first address of a list that the client wrote itself."""
    return blaming(draft, facts, facts.written[:2])


def _b7(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return blaming(draft, facts, facts.written[-2:])


def _mapped(one: DraftFinding) -> Iterable[edit.Changes]:
    if one.source_ips and one.source_ips[0].count > 1 and ":" not in one.source_ips[0].value:
        first, *others = one.source_ips
        again = ValueCount(value=f"::ffff:{first.value}", count=1)
        yield {"source_ips": [ValueCount(value=first.value, count=first.count - 1), again, *others]}
        yield {"source_ips": [first, ValueCount(value=again.value, count=first.count), *others]}


def _b8(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    more = edit.statements(draft, (StatementKind.DISTINCT,), lambda one: [{"number": (one.number or 0) + 1}])
    return [*edit.findings(draft, _mapped), *more]


def _wider(one: Statement) -> Iterable[edit.Changes]:
    net = ip_network(one.name or "0.0.0.0/0")
    yield from ({"name": str(net.supernet(by))} for by in (1, 2, 8) if by <= net.prefixlen)
    if net.prefixlen < net.max_prefixlen:
        yield {"name": str(next(iter(net.subnets())))}


def _b9(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    lies: list[Lie] = [*edit.statements(draft, (StatementKind.NETWORK,), _wider)]
    nets = [f"{address.rpartition('.')[0]}.0/24" for address in _sources(draft) if "." in address]
    return lies + [
        edit.saying(draft, facts.words(f"It came from {net}.", f"{net}からのものです。")) for net in dict.fromkeys(nets)
    ]


def _bent(one: Statement) -> Iterable[edit.Changes]:
    base, _, bits = (one.name or "").partition("/")
    host = base.rpartition(".")[0] + ".77" if "." in base else base + "77"
    yield from ({"name": f"{name}/{length}"} for name, length in ((host, "24"), (base, "33"), (base, f"{bits}0")))


def _b10(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [*edit.statements(draft, (StatementKind.NETWORK,), _bent)]


def _b11(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    changes = (str.swapcase, lambda name: name + " ", lambda _: "administrator2", lambda name: name.replace("o", "0"))
    invented = facts.words('The account "svc_backup" was used.', "アカウント「svc_backup」が使われました。")
    return [*respelling(draft, Dimension.USER, *changes), edit.saying(draft, invented)]


def _b12(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    def cut(path: str) -> str:
        return path[:-1] if len(path) > 1 else "/index.php"

    changes = (unquote, cut, str.upper, lambda path: "https://shop.example" + path, lambda path: path + "?id=1")
    text = facts.words("It asked for /admin/secret.bak.", "/admin/secret.bakが要求されました。")
    return [*respelling(draft, Dimension.PATH, *changes), edit.saying(draft, text)]


def _tooled(one: DraftFinding, tool: str) -> Iterable[edit.Changes]:
    yield {"title": f"{one.title} ({tool})"}
    yield {"reason": f"{one.reason} {tool}."}


def _b13(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    lies: list[Lie] = []
    for tool in TOOLS:
        lies += edit.findings(draft, lambda one, tool=tool: _tooled(one, tool))  # type: ignore[misc]
        lies += respelling(draft, Dimension.AGENT, lambda _, tool=tool: tool)  # type: ignore[misc]
        lies.append(edit.saying(draft, facts.words(f"It was {tool}.", f"{tool}が使われました。")))
    return lies


def _permuted(values: list[ValueCount]) -> list[ValueCount]:
    counts = [one.count for one in values]
    turned = [*counts[1:], counts[0]]
    return [ValueCount(value=one.value, count=count) for one, count in zip(values, turned, strict=True)]


def _b14(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    ips = edit.findings(draft, lambda one: [{"source_ips": _permuted(one.source_ips)}] if one.source_ips[1:] else [])
    return [*ips, *edit.statements(draft, LISTED, lambda one: [{"values": _permuted(one.values)}])]


def _b15(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    less = edit.statements(
        draft, (StatementKind.PER_VALUE,), lambda one: [{"values": one.values[:-1], "complete": True}]
    )
    return [*less, *edit.findings(draft, lambda one: [{"source_ips": one.source_ips[:-1]}] if one.source_ips else [])]


def _b16(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    """Of many values one is told to be the only one."""
    lies: list[Lie] = []
    for one in draft.statements:
        if one.kind in LISTED and len(one.values) > 1:
            name = one.values[0].value
            only = {"kind": StatementKind.ONLY, "name": name, "values": [], "complete": False}
            lies.append(edit.added(draft, one, **only))
    for index, found in enumerate(draft.findings):
        if len(found.source_ips) > 1:
            lies.append(edit.finding(draft, index, source_ips=found.source_ips[:1]))
    return lies


def _b17(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [
        edit.saying(draft, facts.words(f"{one} is in Country-X (AS64500, ExampleNet).", f"{one}はX国のAS64500です。"))
        for one in _sources(draft)[:2]
    ]


def _b18(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    return [edit.saying(draft, facts.words("This is the group APT99.", "これはAPT99グループの犯行です。"))]


def _b19(draft: Draft, facts: LogFacts, random: Random) -> list[Lie]:
    looks = [address[:-1] + "\u200b" + address[-1] for address in _sources(draft)[:1]]
    looks += [address.replace("1", "１") for address in _sources(draft)[:1] if "1" in address]
    fold = (lambda name: name.replace("a", "а"), lambda name: name + "\u202e", lambda name: "\u200b" + name)
    return [
        *blaming(draft, facts, looks),
        *(lie for by in (Dimension.USER, Dimension.PATH, Dimension.AGENT) for lie in respelling(draft, by, *fold)),
    ]


_D, _C, _U = Decidable
ENTITIES = (
    Operator("B1", "invented address", _D, _b1),
    Operator("B2", "the address of another attack", _D, _b2),
    Operator("B3", "mistyped address", _D, _b3),
    Operator("B4", "a victim or a bystander told as the attacker", _D, _b4),
    Operator("B5", "a proxy blamed", _C, _b5),
    Operator("B6", "an address that the client wrote in a header", _C, _b6),
    Operator("B7", "an address that only stands in an attacker's text", _D, _b7),
    Operator("B8", "one address told as two", _D, _b8),
    Operator("B9", "a network too wide or too narrow", _D, _b9),
    Operator("B10", "a network that is none", _D, _b10),
    Operator("B11", "invented or misspelled user", _D, _b11),
    Operator("B12", "a path decoded, cut or moved", _D, _b12),
    Operator("B13", "a tool that no line names", _D, _b13),
    Operator("B14", "counts of addresses permuted", _D, _b14),
    Operator("B15", "a part told as all", _D, _b15),
    Operator("B16", "'only' where there are more", _D, _b16),
    Operator("B17", "country, network owner, reputation", _U, _b17),
    Operator("B18", "a group named as the attacker", _U, _b18),
    Operator("B19", "a name that merely looks the same", _D, _b19),
)
