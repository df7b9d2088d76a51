"""Is the set-up right? Each mistake a user makes is told with what to do about it."""

import pytest

from eval.stubs.openai import OpenAIStub
from models.chat import FaultCode
from models.doctor import Check, Remedy, Step, Subject, check_models
from models.settings import ModelSettings
from tests.models.asking import KEY, KINDS, settings_of

GOOD = '{"word": "ready", "number": 7}'


def failed(checks: tuple[Check, ...]) -> list[tuple[Subject, Step, FaultCode | None, Remedy | None]]:
    return [(check.subject, check.step, check.fault, check.remedy) for check in checks if check.ok is False]


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_set_up_is_right(kind: str) -> None:
    with OpenAIStub(keys=None if kind == "ollama" else (KEY,)) as stub:
        checks = check_models(settings_of(kind, stub.url))
    subjects = [Subject.CHAT] if kind == "openai-responses" else [Subject.CHAT, Subject.EMBEDDINGS]
    assert failed(checks) == []
    assert all(check.ok for check in checks)
    assert list(dict.fromkeys(check.subject for check in checks)) == subjects


def test_nothing_is_asked_where_nothing_is_set_up() -> None:
    assert check_models(ModelSettings()) == ()


@pytest.mark.parametrize(
    ("faults", "step", "fault", "remedy"),
    [
        (("unauthorized",), Step.KEY, FaultCode.UNAUTHORIZED, Remedy.KEY),
        (("forbidden",), Step.KEY, FaultCode.FORBIDDEN, Remedy.ROLE),
        (("not_found",), Step.MODEL, FaultCode.NOT_FOUND, Remedy.MODEL),
        (("quota",), Step.REPLY, FaultCode.QUOTA, Remedy.QUOTA),
        (("rate_limited",), Step.REPLY, FaultCode.RATE_LIMITED, Remedy.WAIT),
        (("unavailable",), Step.REPLY, FaultCode.SERVER_ERROR, Remedy.WAIT),
        (("bad_request",), Step.REPLY, FaultCode.BAD_REQUEST, Remedy.PARAMETER),
        (("truncated",), Step.REPLY, FaultCode.TRUNCATED, Remedy.LIMIT),
        (("malformed",), Step.REPLY, FaultCode.MALFORMED, Remedy.OTHER),
        (("reset",), Step.REACHABLE, FaultCode.CUT, Remedy.NETWORK),
        (("hang",), Step.REACHABLE, FaultCode.DEADLINE, Remedy.TIME),
    ],
)
def test_a_mistake_is_told_with_its_remedy(
    stub: OpenAIStub, faults: tuple[str, ...], step: Step, fault: FaultCode, remedy: Remedy
) -> None:
    stub.fail(*faults)
    checks = check_models(settings_of("openai", stub.url, AKASHI_EMBEDDINGS="built-in"), seconds=3)
    assert failed(checks) == [(Subject.CHAT, step, fault, remedy)]
    place = [check.step for check in checks].index(step)
    assert [check.ok for check in checks] == [True] * place + [False] + [None] * (len(checks) - place - 1)


def test_a_server_that_is_not_there() -> None:
    with OpenAIStub() as gone:
        url = gone.url
    checks = check_models(settings_of("openai", url))
    assert failed(checks) == [
        (subject, Step.REACHABLE, FaultCode.UNREACHABLE, Remedy.ADDRESS)
        for subject in (Subject.CHAT, Subject.EMBEDDINGS)
    ]


def test_a_server_without_strict_schemas_is_told_and_works() -> None:
    with OpenAIStub(modes=("json_object",), lenient=True, replier=lambda _, __: GOOD) as stub:
        checks = check_models(settings_of("ollama", stub.url, AKASHI_EMBEDDINGS="built-in"))
    assert failed(checks) == [(Subject.CHAT, Step.SCHEMA, FaultCode.SCHEMA_REFUSED, Remedy.API_VERSION)]


def test_other_dimensions_than_expected(stub: OpenAIStub) -> None:
    checks = check_models(settings_of("ollama", stub.url, AKASHI_EMBEDDING_DIMENSIONS="768"))
    assert failed(checks) == [(Subject.EMBEDDINGS, Step.DIMENSIONS, FaultCode.MALFORMED, Remedy.DIMENSIONS)]
    assert {"dimensions": 64, "expected": 768}.items() <= checks[-1].facts.items()


def test_no_token_of_entra(stub: OpenAIStub) -> None:
    def nobody() -> None:
        raise RuntimeError

    entra = {"AZURE_OPENAI_API_KEY": "", "AZURE_OPENAI_USE_ENTRA": "1", "AKASHI_EMBEDDINGS": "built-in"}
    checks = check_models(settings_of("azure-v1", stub.url, **entra), credential=nobody)  # type: ignore[arg-type]
    assert failed(checks) == [(Subject.CHAT, Step.KEY, FaultCode.NO_TOKEN, Remedy.SIGN_IN)]
    assert checks[0].ok is None  # it was not even tried whether the server is there


def test_a_proxy_that_cannot_be_is_the_network(stub: OpenAIStub) -> None:
    checks = check_models(settings_of("openai", stub.url, HTTP_PROXY="ftp://proxy", AKASHI_EMBEDDINGS="built-in"))
    assert failed(checks) == [(Subject.CHAT, Step.REACHABLE, FaultCode.UNREACHABLE, Remedy.NETWORK)]
