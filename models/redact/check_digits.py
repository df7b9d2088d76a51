"""Check digits of payment cards, My Number and IBAN: they tell such numbers from all others."""


def luhn_digit(body: str) -> str:
    """The digit that completes a card number (ISO/IEC 7812-1 annex B)."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def my_number_digit(body: str) -> str:
    """The twelfth digit of an Individual Number from its first eleven.

    Weights and remainder are those of article 5 of the ministerial order no. 85 of 2014 (Ministry of Internal Affairs).
    """
    weighted = sum(int(digit) * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(body), start=1))
    return str(11 - weighted % 11 if weighted % 11 > 1 else 0)


def iban_check(country: str, body: str) -> str:
    """The two digits behind the country code (ISO 13616, MOD 97-10 of ISO/IEC 7064)."""
    number = "".join(str(int(char, 36)) for char in f"{body}{country}00".lower())
    return f"{98 - int(number) % 97:02d}"


def is_card(text: str) -> bool:
    """Whether the digits end with their Luhn digit, and are not all the same."""
    digits = _digits(text)
    return len(set(digits)) > 1 and luhn_digit(digits[:-1]) == digits[-1]


def is_my_number(text: str) -> bool:
    """Whether these are twelve digits whose last is right."""
    digits = _digits(text)
    return len(digits) == 12 and len(set(digits)) > 1 and my_number_digit(digits[:-1]) == digits[-1]


def is_iban(text: str) -> bool:
    """Whether the check digits are right."""
    plain = text.replace(" ", "").upper()
    return iban_check(plain[:2], plain[4:]) == plain[2:4]


def _digits(text: str) -> str:
    return "".join(char for char in text if char in "0123456789")
