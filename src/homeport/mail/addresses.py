"""What may stand where a mail address is asked for; light, so that a form can ask without the mail library."""

import re

from homeport.mail.errors import MailAddressError

LONGEST_ADDRESS = 254
ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\\x00-\x20\x7f]+@(?:[\w-]+\.)*[\w-]+")


def check_address(address: str) -> str:
    """Return an address that one letter can go to; raises MailAddressError for anything else."""
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise MailAddressError(f"{address[:LONGEST_ADDRESS]!r} is not a mail address.")
    return address
