"""Personal data at rest: sealed to its row, found by keyed blind index, masked on sight. No queries here.

AES-256-GCM with the row's id and the column's name as associated data, so that a value moved to another row or column
does not open. Keys come from `SHOUWEN_FIELD_KEYS` (`id:base64,id:base64`, newest first): the newest seals, any opens,
and a blind index is looked up under every key, so that keys can rotate while old rows stay readable.
Source: JR/T 0171-2020 (C2 data is encrypted in storage and masked on display), R81.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

NONCE = 12
HEX_OF_INDEX = 40


class Unreadable(Exception):
    """A sealed value that no configured key opens: a lost key, or a value moved between rows."""


@lru_cache(maxsize=8)
def _keys(configured: str) -> Mapping[str, tuple[AESGCM, bytes]]:
    keys: dict[str, tuple[AESGCM, bytes]] = {}
    for entry in filter(None, configured.split(",")):
        key_id, separator, encoded = entry.partition(":")
        try:
            secret = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            secret = b""
        if not separator or not re.fullmatch(r"[a-z0-9]{1,8}", key_id) or len(secret) != 32 or key_id in keys:
            raise ImproperlyConfigured(
                "SHOUWEN_FIELD_KEYS must be id:base64 pairs, newest first; each id once, each key 32 bytes."
            )
        index_key = hmac.digest(secret, b"shouwen blind index", "sha256")
        keys[key_id] = (AESGCM(secret), index_key)
    if not keys:
        raise ImproperlyConfigured("SHOUWEN_FIELD_KEYS is empty: personal data cannot be stored without a key.")
    return keys


def seal(plain: str, bound_to: str) -> bytes:
    """`plain` as bytes that open only with `bound_to` (column and row). The empty text stays empty."""
    if not plain:
        return b""
    keys = _keys(settings.FIELD_KEYS)
    key_id, (cipher, _index) = next(iter(keys.items()))
    nonce = os.urandom(NONCE)
    return key_id.encode() + b":" + nonce + cipher.encrypt(nonce, plain.encode(), bound_to.encode())


def unseal(sealed: bytes, bound_to: str) -> str:
    """The text that was sealed. Raises `Unreadable` when the key is unknown or the value belongs elsewhere."""
    if not sealed:
        return ""
    key_id, _, body = bytes(sealed).partition(b":")
    known = _keys(settings.FIELD_KEYS).get(key_id.decode("ascii", "replace"))
    if known is None:
        raise Unreadable(f"No key {key_id!r} in SHOUWEN_FIELD_KEYS.")
    try:
        return known[0].decrypt(body[:NONCE], body[NONCE:], bound_to.encode()).decode()
    except InvalidTag as error:
        raise Unreadable("The value was altered, or does not belong to this row.") from error


def blind_indexes(kind: str, normal: str) -> list[str]:
    """Every index under which a normalised value may be stored: one a key, newest first; none for the empty text."""
    if not normal:
        return []
    message = f"{kind}:{normal}".encode()
    return [
        f"{key_id}:{hmac.digest(index_key, message, hashlib.sha256).hex()[:HEX_OF_INDEX]}"
        for key_id, (_cipher, index_key) in _keys(settings.FIELD_KEYS).items()
    ]


def blind_index(kind: str, normal: str) -> str:
    """The index to store, under the newest key; the empty text for the empty text."""
    return next(iter(blind_indexes(kind, normal)), "")


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """A text column that is sealed whenever text is assigned, and opened whenever it is read.

    Assign `str`; the database hands back bytes, which are kept sealed until somebody reads the attribute. The row's id
    must be known before (a UUID made in Python), because the value is bound to it. Keep the id the model's first field.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", b"")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _Sealed(name))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return model_instance.__dict__.get(self.attname, b"")


class _Sealed:
    """The attribute of a `SealedField`: text outside, sealed bytes in the row's `__dict__`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def _bound_to(self, row: Any) -> str:
        return f"{self.name}:{row.id}"

    def __get__(self, row: Any, owner: type[models.Model] | None = None) -> Any:
        if row is None:
            return self
        if self.name not in row.__dict__:
            row.refresh_from_db(fields=[self.name])
        return unseal(row.__dict__[self.name], self._bound_to(row))

    def __set__(self, row: Any, value: str | bytes | memoryview) -> None:
        row.__dict__[self.name] = seal(value, self._bound_to(row)) if isinstance(value, str) else bytes(value)


def normal_text(text: str) -> str:
    """Full-width letters and digits made narrow, outer and doubled white space removed. Rare characters stay."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def normal_phone(text: str) -> str:
    """Digits only, with `+` kept in front; a Chinese country code is dropped: `＋86 138-0000 1111` is 13800001111."""
    narrow = unicodedata.normalize("NFKC", text)
    digits = re.sub(r"[^0-9+]", "", narrow)
    digits = digits[:1] + digits[1:].replace("+", "") if digits else digits
    return re.sub(r"^(?:\+|00)86", "", digits)


def normal_identity(text: str) -> str:
    """An identity number without spaces or dashes, letters upper-case."""
    return re.sub(r"[\s\-－—]", "", unicodedata.normalize("NFKC", text)).upper()


def identity_checksum_holds(number: str) -> bool:
    """Whether an 18-digit Chinese identity number ends in its check digit (GB 11643-1999, ISO 7064 MOD 11-2)."""
    normal = normal_identity(number)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", normal):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(w * int(d) for w, d in zip(weights, normal, strict=False)) % 11] == normal[17]


def mask_name(name: str) -> str:
    """王小明 → 王**; a Latin name keeps its first letter. At most two stars."""
    return name[:1] + "**" if name else ""


def mask_phone(phone: str) -> str:
    """13812341111 → 138****1111; a short number keeps its last two digits."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else f"****{phone[-2:]}" if phone else ""


def mask_identity(number: str) -> str:
    """330106198001010024 → 3301**********0024; a short one keeps its first and last character."""
    if len(number) >= 10:
        return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"
    return f"{number[:1]}****{number[-1:]}" if number else ""


def mask_email(email: str) -> str:
    """wang@example.com → w***@example.com."""
    local, at, domain = email.partition("@")
    return f"{local[:1]}***{at}{domain}" if email else ""


def mask_text(text: str) -> str:
    """Everything else (an address, an account's holder): the first three characters, then stars."""
    return f"{text[:3]}****" if text else ""
