"""Paths in, whether they are the guessed name of an administration page out."""

import pytest

from core.field import Field
from detection.admin_page import guesses_admin_page


@pytest.mark.parametrize(
    "path",
    [
        b"/admin.php", b"/administratorlogin.aspx", b"/super_login.php", b"/admin_area/login.asp", b"/yonetici.php",
        b"/cms/admin/", b"/login1.asp", b"/siteadmin/index.php", b"/adm/", b"/acct_login/", b"/controlpanel.html",
    ],
)  # fmt: skip
def test_guess(path: bytes) -> None:
    assert guesses_admin_page(path, Field.PATH)


@pytest.mark.parametrize(
    "path",
    [
        b"/", b"/login", b"/login/", b"/signin", b"/logout.html", b"/panel-discussion",
        b"/administration-of-estates.html",
        b"/users/anna", b"/blog/2024", b"/control-engineering", b"/manager-training", b"/admin-guide.pdf",
        b"/badminton.php",
    ],
)  # fmt: skip
def test_no_guess(path: bytes) -> None:
    assert not guesses_admin_page(path, Field.PATH)
