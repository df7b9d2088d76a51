"""Is the set-up right? Each model is asked one harmless sentence; what comes back says what to mend."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from models.auth import Credential
from models.build import build_chat, build_embedder
from models.chat import Clock, FaultCode, ModelFault, Prompt, unheard
from models.ledger import Unbooked
from models.openai_chat import Form
from models.redact import RedactSettings, redactor_for
from models.settings import ModelSettings

_SECONDS = 30.0
_TEXTS = ("a failed login", "a sentence that is longer than the one before")


class Subject(StrEnum):
    """What is tried."""

    CHAT = "chat"
    EMBEDDINGS = "embeddings"


class Step(StrEnum):
    """What is found out, in this order; after the first that fails the rest is not known."""

    REACHABLE = "reachable"
    KEY = "key"
    MODEL = "model"
    REPLY = "reply"
    SCHEMA = "schema"  # chat: replies are held to a strict schema
    DIMENSIONS = "dimensions"  # embeddings: vectors have the columns they should have


class Remedy(StrEnum):
    """What to do about it."""

    ADDRESS = "address"  # the endpoint or base URL, or the server is not started
    NETWORK = "network"  # proxy, firewall, certificate
    KEY = "key"
    ROLE = "role"  # the identity may not use the resource
    SIGN_IN = "sign_in"  # Entra ID gave no token
    INSTALL = "install"
    MODEL = "model"  # the name of the model or deployment
    QUOTA = "quota"
    WAIT = "wait"
    PARAMETER = "parameter"  # a setting that this model does not take
    API_VERSION = "api_version"  # too old for what is asked, or the model does not know schemas
    TIME = "time"  # too slow for the time a call may take
    LIMIT = "limit"  # replies are cut at the most tokens
    DIMENSIONS = "dimensions"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Check:
    """`ok` None: not known, because something before it failed. `facts` are inert."""

    subject: Subject
    step: Step
    ok: bool | None
    fault: FaultCode | None = None
    remedy: Remedy | None = None
    facts: Mapping[str, str | float] = field(default_factory=dict)


_CHAT = (Step.REACHABLE, Step.KEY, Step.MODEL, Step.REPLY, Step.SCHEMA)
_EMBEDDINGS = (Step.REACHABLE, Step.KEY, Step.MODEL, Step.REPLY, Step.DIMENSIONS)

_MEANING: Mapping[FaultCode, tuple[Step, Remedy]] = {
    FaultCode.UNREACHABLE: (Step.REACHABLE, Remedy.ADDRESS),
    FaultCode.CUT: (Step.REACHABLE, Remedy.NETWORK),
    FaultCode.TIMEOUT: (Step.REACHABLE, Remedy.TIME),
    FaultCode.DEADLINE: (Step.REACHABLE, Remedy.TIME),
    FaultCode.MISSING_PACKAGE: (Step.KEY, Remedy.INSTALL),
    FaultCode.NO_TOKEN: (Step.KEY, Remedy.SIGN_IN),
    FaultCode.UNAUTHORIZED: (Step.KEY, Remedy.KEY),
    FaultCode.FORBIDDEN: (Step.KEY, Remedy.ROLE),
    FaultCode.NOT_FOUND: (Step.MODEL, Remedy.MODEL),
    FaultCode.QUOTA: (Step.REPLY, Remedy.QUOTA),
    FaultCode.RATE_LIMITED: (Step.REPLY, Remedy.WAIT),
    FaultCode.SERVER_ERROR: (Step.REPLY, Remedy.WAIT),
    FaultCode.BAD_REQUEST: (Step.REPLY, Remedy.PARAMETER),
    FaultCode.TRUNCATED: (Step.REPLY, Remedy.LIMIT),
    FaultCode.SCHEMA_REFUSED: (Step.SCHEMA, Remedy.API_VERSION),
}
_REASONS = {
    "ca_file": Remedy.NETWORK,
    "certificate": Remedy.NETWORK,
    "encryption": Remedy.NETWORK,
    "proxy": Remedy.NETWORK,
}
_BEFORE_ANYTHING = frozenset({FaultCode.MISSING_PACKAGE, FaultCode.NO_TOKEN})


class Tried(BaseModel):
    """The reply to the sentence with which a model is tried."""

    model_config = ConfigDict(extra="forbid")

    word: str
    number: int


_PROMPT = Prompt(
    name="doctor",
    version="1",
    system="You are being tried out. Reply in JSON.",
    user="Reply with the word 'ready' and the number 7.",
    schema=Tried,
)


def check_models(
    settings: ModelSettings,
    *,
    credential: Callable[[], Credential] | None = None,
    seconds: float = _SECONDS,
    clock: Clock = time.monotonic,
) -> tuple[Check, ...]:
    """What is right and what is not, for each model that is set up; takes `seconds` for each at most.

    Two short requests leave, which hold nothing of any case; the cost is some tokens.
    """
    return (
        *_check_chat(settings, credential, seconds, clock),
        *_check_embeddings(settings, credential, seconds, clock),
    )


def _check_chat(
    settings: ModelSettings, credential: Callable[[], Credential] | None, seconds: float, clock: Clock
) -> tuple[Check, ...]:
    chat = build_chat(settings, credential)
    if chat is None:
        return ()
    try:
        chat.warm()
        reply = chat.reply(_PROMPT, on_text=unheard, deadline=clock() + seconds, clock=clock)
        Tried.model_validate_json(reply.text)
    except ModelFault as fault:
        return _failed(Subject.CHAT, _CHAT, fault)
    except ValueError:
        return _failed(Subject.CHAT, _CHAT, ModelFault(FaultCode.MALFORMED))
    if chat.form is not Form.SCHEMA:
        return _failed(Subject.CHAT, _CHAT, ModelFault(FaultCode.SCHEMA_REFUSED, form=chat.form.value))
    return _passed(Subject.CHAT, _CHAT, {"model": reply.model, "seconds": round(reply.usage.seconds, 2)})


def _check_embeddings(
    settings: ModelSettings, credential: Callable[[], Credential] | None, seconds: float, clock: Clock
) -> tuple[Check, ...]:
    redactor = redactor_for(secrets.token_bytes(32), RedactSettings())
    embedder = build_embedder(settings, redactor, Unbooked(), credential, clock)
    if embedder is None:
        return ()
    began = clock()
    try:
        rows = embedder.until(began + seconds).embed(_TEXTS)
    except ModelFault as fault:
        return _failed(Subject.EMBEDDINGS, _EMBEDDINGS, fault)
    facts = {"model": settings.embedding_model, "dimensions": rows.shape[1], "seconds": round(clock() - began, 2)}
    return _passed(Subject.EMBEDDINGS, _EMBEDDINGS, facts)


def _passed(subject: Subject, steps: tuple[Step, ...], facts: Mapping[str, str | float]) -> tuple[Check, ...]:
    return tuple(Check(subject, step, ok=True, facts=facts if step is steps[-1] else {}) for step in steps)


def _failed(subject: Subject, steps: tuple[Step, ...], fault: ModelFault) -> tuple[Check, ...]:
    """The steps before the one that failed are right, those after it not known."""
    failed, remedy = _MEANING.get(fault.code, (Step.REPLY, Remedy.OTHER))
    reason = str(fault.facts.get("reason", ""))
    if fault.code is FaultCode.MALFORMED and reason == "dimensions":
        failed, remedy = Step.DIMENSIONS, Remedy.DIMENSIONS
    remedy = _REASONS.get(reason, remedy)
    place = steps.index(failed)
    before = None if fault.code in _BEFORE_ANYTHING else True
    return (
        *(Check(subject, step, ok=before) for step in steps[:place]),
        Check(subject, failed, ok=False, fault=fault.code, remedy=remedy, facts=fault.facts),
        *(Check(subject, step, ok=None) for step in steps[place + 1 :]),
    )
