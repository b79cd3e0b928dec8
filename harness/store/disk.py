"""Files that are only ever added to, and what an operating system's refusal means to a user."""

from __future__ import annotations

import errno
import gzip
import os
import sys
from pathlib import Path

from harness.errors import StoreError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_FOLDER = {errno.ENOTDIR, errno.EEXIST}
# The level at which more time buys nothing on transcripts (zlib's own default).
_GZIP_LEVEL = 6


def store_error(path: Path, error: OSError) -> StoreError:
    """One sentence about what could not be written, and what the user can do."""
    said = error.strerror or type(error).__name__
    if error.errno in _FULL:
        remedy = "Free some space, or name another folder with --results DIR."
    elif error.errno in _FORBIDDEN:
        remedy = "Make it writable for this user, or name another folder with --results DIR."
    elif error.errno in _NO_FOLDER:
        remedy = "A part of this path is a file; name a folder with --results DIR."
    elif error.errno == errno.EIO:
        remedy = "The disk reports an error; name a folder on another disk with --results DIR."
    else:
        remedy = "Name another folder with --results DIR."
    kept = " What was recorded before is kept." if path.exists() and path.is_file() else ""
    return StoreError(f"{path} cannot be written: {said}.", remedy=remedy + kept)


class AppendFile:
    """A file that this object made and nobody else may have made before.

    Raises:
        OSError: it exists, or the system refuses.
    """

    def __init__(self, path: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self.path = path
        self._descriptor = os.open(path, flags, 0o644)

    def write(self, data: bytes) -> None:
        """All the bytes, handed to the operating system: they outlive the process."""
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]

    def sync(self, *, full: bool = False) -> None:
        """Bytes to the device. ``full``: through the device's own cache too, where macOS offers."""
        if full and sys.platform == "darwin":
            import fcntl

            fcntl.fcntl(self._descriptor, fcntl.F_FULLFSYNC)
        else:
            os.fsync(self._descriptor)

    def close(self) -> None:
        """Give the file back; asked again, nothing."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)


def sync_path(path: Path) -> None:
    """fsync a file or a folder by name: a new name is durable only when its folder is."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_blob(folder: Path, name: str, data: bytes) -> Path | None:
    """``data`` as ``name``.gz, whole or not at all; None when it is there already.

    ``name`` is the SHA-256 of ``data``. No time and no file name go into the gzip header, so equal
    contents give equal files.
    """
    path = folder / f"{name}.gz"
    if path.exists():
        return None
    part = folder / f"{name}.part"
    part.unlink(missing_ok=True)
    file = AppendFile(part)
    try:
        file.write(gzip.compress(data, _GZIP_LEVEL, mtime=0))
    except OSError:
        part.unlink(missing_ok=True)
        raise
    finally:
        file.close()
    part.rename(path)
    return path
