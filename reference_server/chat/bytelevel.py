"""The alphabet of byte-level BPE: which character stands for which byte.

After ``bytes_to_unicode`` of GPT-2's encoder (github.com/openai/gpt-2, src/encoder.py): printable
Latin-1 characters stand for themselves, the other 68 bytes for the characters from U+0100 on.
"""

from __future__ import annotations


def _alphabet() -> dict[str, int]:
    themselves = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1)]
    themselves += range(ord("®"), ord("ÿ") + 1)
    others = [byte for byte in range(256) if byte not in themselves]
    alphabet = {chr(byte): byte for byte in themselves}
    return alphabet | {chr(256 + index): byte for index, byte in enumerate(others)}


BYTE_OF = _alphabet()


def token_bytes(token: str) -> bytes:
    """The bytes that a token of the vocabulary stands for.

    Characters outside the alphabet can only come from added tokens, which are plain text.
    """
    if all(character in BYTE_OF for character in token):
        return bytes(BYTE_OF[character] for character in token)
    return token.encode()
