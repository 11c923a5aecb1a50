"""The keys that this database was written with: never a key, only what proves one."""

from datetime import datetime

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from pdp.core.db import Base


class KeyCheck(Base):
    """A known answer sealed under one key: a key that does not open it is not the right one."""

    __tablename__ = "key_check"

    key_id: Mapped[int] = mapped_column(Integer, unique=True)
    answer: Mapped[bytes]
    # The key of the blind indexes. It stays the same when values are sealed again under a newer key.
    keys_index: Mapped[bool]
    added_at: Mapped[datetime]
    # Since when no value is sealed under it any more: it may then be left out of the settings.
    retired_at: Mapped[datetime | None]
