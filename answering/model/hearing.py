"""A draft as it is heard, what its call took, and what a second try is told of the first."""

from collections.abc import Callable
from dataclasses import dataclass

from answering.model.review import Ground, Review, review_facts
from core.draft import Draft, DraftSentence
from core.told import Attempt, Mark, ToldSentence
from models.call import Purpose
from models.chat import Reply


@dataclass
class Heard:
    """A draft under way: its facts are checked when they are whole, its sentences as they come."""

    ground: Ground
    on_sentence: Callable[[ToldSentence], None]
    review: Review | None = None

    def facts(self, draft: Draft) -> None:
        """The facts are whole."""
        self.review = review_facts(draft, self.ground)

    def sentence(self, one: DraftSentence) -> None:
        """The next sentence is whole."""
        if self.review is not None and not self.review.full:
            self.on_sentence(self.review.sentence(one))

    def begun(self, draft: Draft) -> Review | None:
        """The review of the same facts and first sentences, where there is one."""
        if self.review is None:
            return None
        facts = draft.model_copy(update={"answer": []})
        same = facts == self.review.draft and draft.answer[: len(self.review.heard)] == self.review.heard
        return self.review if same else None


def attempt_of(purpose: Purpose, reply: Reply, cost: float | None) -> Attempt:
    """The record of a call that went well."""
    usage = reply.usage
    return Attempt(
        purpose.value, reply.model, usage.input_tokens or 0, usage.output_tokens or 0, usage.seconds, cost=cost
    )


_DOUBTED = (Mark.WRONG, Mark.UNKNOWN)


def doubts_of(review: Review) -> list[tuple[str, str, str]]:
    """What a repair is told: what was struck, and the pieces of sentences that do not hold."""
    struck = [(one.code, f"{one.claim} {one.said}".strip(), one.truth) for one in review.struck]
    spans = (span for sentence in review.sentences for span in sentence.spans)
    return [*struck, *((one.mark.value, one.text, one.truth) for one in spans if one.mark in _DOUBTED)]
