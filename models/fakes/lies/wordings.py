"""False sentences in which every number and name is true: only the words around them lie."""

from collections.abc import Iterator

from core.draft import Draft
from models.fakes.lies import edit
from models.fakes.lies.lie import LogFacts

WORDINGS: tuple[tuple[str, str, str], ...] = (
    ("A7", "{n} addresses took part.", "{n}個のIPアドレスが関与しました。"),
    ("A8", "{n} sessions.", "{n}セッションです。"),
    ("A8", "{n} attackers.", "{n}人の攻撃者です。"),
    ("A11", "That is {n} requests per second.", "毎秒{n}件のリクエストです。"),
    ("A12", "There were more than {n} lines.", "{n}行を超えています。"),
    ("A12", "It was fewer than {n} lines.", "{n}行未満です。"),
    ("A5", "{n} lines each from 3 addresses.", "3個のアドレスから{n}行ずつです。"),
    ("B2", "198.51.100.99 made {n} lines.", "198.51.100.99からの{n}行です。"),
    ("B4", "{ip} is the victim.", "{ip}は被害者です。"),
    ("B14", "{ip} ({addresses}).", "{ip}（{addresses}）。"),
    ("B16", "Only {ip} was seen in the whole log.", "ログ全体に現れたのは{ip}だけです。"),
    ("D2", "It ended at {first}.", "{first}に終わりました。"),
    ("D1", "It began at {last}.", "{last}に始まりました。"),
    ("E1", "{n} lines of cross-site request forgery.", "{n}行のSSRFです。"),
    ("E3", "{ip} is harmless.", "{ip}は無害です。"),
    ("E3", "{ip} did not attack.", "{ip}は攻撃していません。"),
    ("E3", "No {title} happened; {n} lines are normal.", "{title}は発生していません。{n}行は正常です。"),
    ("E10", "On port {n}.", "ポート{n}です。"),
    ("E10", "Answered with status {n}.", "ステータス{n}で応答しました。"),
    ("F6", "{n} GB were stolen.", "{n}GBが盗まれました。"),
    ("I2", "{n} % of all lines.", "全体の{n}%です。"),
    ("I4", "Twice {n} lines.", "{n}行の2倍です。"),
    ("J7", "Not {n} lines.", "{n}行ではありません。"),
    ("K1", "{n} KB.", "{n}KBです。"),
    ("K3", "{n} thousand lines.", "{n}千行です。"),
)
"""Class, and the sentence in both languages."""


def worded(draft: Draft, facts: LogFacts) -> Iterator[tuple[str, str, Draft]]:
    """Each sentence about the first finding, behind the truthful draft: class, sentence, draft."""
    for one in draft.findings[:1]:
        values = {
            "n": one.count,
            "ip": one.source_ips[0].value if one.source_ips else "198.51.100.99",
            "addresses": len(one.source_ips),
            "title": one.title,
            "first": one.first_seen,
            "last": one.last_seen,
        }
        for name, english, japanese in WORDINGS:
            text = facts.words(english, japanese).format_map(values)
            yield name, facts.words(english, japanese), edit.saying(draft, text, one.id)
