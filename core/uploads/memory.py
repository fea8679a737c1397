"""Files that are handed in never touch a disk: Django's own handler writes large ones, unsealed, into the temporary folder."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class MemoryOnlyHandler(FileUploadHandler):
    """Keeps each file in memory up to the size limit, and all files of a request up to so many of them.

    Of what is larger the rest is counted and thrown away: the form can then say so beside its field, and what was typed stays.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._kept = 0  # by all files of this request
        self._file = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._file = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        most = settings.PAPER_MAX_BYTES
        if self._file.tell() <= most and self._kept <= (most + self.chunk_size) * settings.PAPER_MAX_FILES:
            self._file.write(raw_data)
            self._kept += len(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file; its `size` is what was sent, also where less was kept."""
        self._file.seek(0)
        return InMemoryUploadedFile(
            self._file, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset
        )
