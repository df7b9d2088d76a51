"""What leaves the machine: a request about to go, what became of it, and the budget it is held to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sending:
    """A request that is about to leave; `payload` is its body, exactly.

    `input_tokens` are counted by us. `reserved` tokens and `reserved_cost` are the most that the reply may add, held
    back from the budget until it is known. `cost` is that of the input, None where no price is known. `question` ties
    the calls of one question together.
    """

    at: datetime
    provider: str
    model: str
    purpose: str
    question: str
    input_tokens: int
    payload: str
    reserved: int = 0
    cost: float | None = None
    reserved_cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Budget:
    """The most of a case and of a question; None is no limit."""

    case_tokens: int | None = None
    case_money: float | None = None
    question_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """What calls took; `cost` is that of the `priced` ones among them."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    priced: int = 0
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        """Both ways."""
        return self.input_tokens + self.output_tokens

    @property
    def whole_cost(self) -> float | None:
        """The cost, None where a call has no known price."""
        return self.cost if self.priced == self.calls else None


@dataclass(frozen=True, slots=True)
class Sent:
    """One call; `fault` is empty when there was a reply, `held` whether its text is still kept."""

    number: int
    at: datetime
    provider: str
    model: str
    purpose: str
    question: str
    input_tokens: int
    output_tokens: int
    cost: float | None
    seconds: float
    fault: str
    sha256: str
    size: int
    held: bool
