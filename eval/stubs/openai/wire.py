"""Replies in the words of each protocol (chat completions, responses, embeddings), whole and as a stream of events."""

import base64
import hashlib
import json
import math
import re
import struct
from collections.abc import Iterator, Mapping, Sequence

from eval.stubs.openai.script import Answer

Json = dict[str, object]
CREATED = 1_767_225_600
_PIECE = re.compile(r"\S{1,4000}\s*|\s+")
_CHARACTERS_A_TOKEN = 4


def tokens(text: str) -> int:
    """About the tokens of a text: enough for a bill nobody pays."""
    return max(1, len(text) // _CHARACTERS_A_TOKEN)


def pieces(text: str) -> list[str]:
    """A text as it would come in a stream."""
    return _PIECE.findall(text)


def chat_usage(asked: int, answer: Answer) -> Json:
    """The bill in the words of chat completions."""
    said = tokens(answer.text)
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def chat_whole(model: str, answer: Answer, asked: int) -> Json:
    """A chat completion."""
    message = {"role": "assistant", "content": answer.text or None, "refusal": answer.refusal or None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish}
    return {**_chat_head(model, "chat.completion"), "choices": [choice], "usage": chat_usage(asked, answer)}


def chat_events(model: str, answer: Answer, asked: int, with_usage: bool) -> Iterator[str]:
    """The same as lines of data; `with_usage` as `stream_options` asks for."""
    head = _chat_head(model, "chat.completion.chunk")

    def event(delta: Mapping[str, object], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return json.dumps({**head, "choices": [choice]} | ({"usage": None} if with_usage else {}), ensure_ascii=False)

    yield event({"role": "assistant", "content": "", "refusal": None})
    yield from (event({"content": piece}) for piece in pieces(answer.text))
    if answer.refusal:
        yield from (event({"refusal": piece}) for piece in pieces(answer.refusal))
    yield event({}, answer.finish)
    if with_usage:
        yield json.dumps({**head, "choices": [], "usage": chat_usage(asked, answer)})
    yield "[DONE]"


def _chat_head(model: str, kind: str) -> Json:
    return {"id": "chatcmpl-stub", "object": kind, "created": CREATED, "model": model, "system_fingerprint": "fp_stub"}


def responses_whole(model: str, answer: Answer, asked: int) -> Json:
    """A reply of the responses protocol."""
    said = tokens(answer.text)
    part: Json = (
        {"type": "refusal", "refusal": answer.refusal}
        if answer.refusal
        else {"type": "output_text", "text": answer.text, "annotations": [], "logprobs": []}
    )
    message = {"type": "message", "id": "msg_stub", "status": "completed", "role": "assistant", "content": [part]}
    reasons = {"length": "max_output_tokens", "content_filter": "content_filter"}
    reason = reasons.get(answer.finish)
    return {
        "id": "resp_stub",
        "object": "response",
        "created_at": CREATED,
        "status": "incomplete" if reason else "completed",
        "incomplete_details": {"reason": reason} if reason else None,
        "model": model,
        "output": [message],
        "usage": {
            "input_tokens": asked,
            "output_tokens": said,
            "total_tokens": asked + said,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
        **dict.fromkeys(("error", "instructions", "metadata")),
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
    }


def responses_events(model: str, answer: Answer, asked: int) -> Iterator[str]:
    """The same as lines of data, each an event with its own type."""
    whole = responses_whole(model, answer, asked)
    live = {**whole, "status": "in_progress", "output": [], "usage": None, "incomplete_details": None}
    place = {"item_id": "msg_stub", "output_index": 0, "content_index": 0}
    item = {"type": "message", "id": "msg_stub", "status": "in_progress", "role": "assistant", "content": []}
    kind = "refusal" if answer.refusal else "output_text"
    words = "refusal" if answer.refusal else "text"
    part: Json = {"type": kind, words: ""} | ({} if answer.refusal else {"annotations": []})
    done: Json = {"type": kind, words: answer.refusal or answer.text} | ({} if answer.refusal else {"annotations": []})
    extra: Json = {} if answer.refusal else {"logprobs": []}
    events: list[Json] = [
        {"type": "response.created", "response": live},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": "response.content_part.added", "part": part, **place},
    ]
    said = pieces(answer.refusal or answer.text)
    events += [{"type": f"response.{kind}.delta", "delta": piece, **place, **extra} for piece in said]
    events += [
        {"type": f"response.{kind}.done", words: answer.refusal or answer.text, **place, **extra},
        {"type": "response.content_part.done", "part": done, **place},
        {"type": "response.output_item.done", "output_index": 0, "item": {**item, "content": [done]}},
        {"type": "response.incomplete" if whole["incomplete_details"] else "response.completed", "response": whole},
    ]
    yield from (json.dumps({**event, "sequence_number": at}, ensure_ascii=False) for at, event in enumerate(events))


def embeddings_whole(model: str, texts: Sequence[str], columns: int, as_base64: bool) -> Json:
    """A reply to a request for embeddings."""
    rows = [embedded(text, columns) for text in texts]
    data = [
        {"object": "embedding", "index": place, "embedding": _packed(row) if as_base64 else row}
        for place, row in enumerate(rows)
    ]
    asked = sum(map(tokens, texts))
    return {
        "object": "list",
        "data": data,
        "model": model,
        "usage": {"prompt_tokens": asked, "total_tokens": asked},
    }


def embedded(text: str, columns: int) -> list[float]:
    """A bag of hashed words of unit length: texts that share words are near each other."""
    row = [0.0] * columns
    for word in re.findall(r"\w+", text.lower()) or ["_"]:
        code = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        row[code % columns] += 1.0 if code >> 63 else -1.0
        row[(code >> 20) % columns] += 0.5
    length = math.sqrt(sum(value * value for value in row)) or 1.0
    return [value / length for value in row]


def _packed(row: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(row)}f", *row)).decode()
