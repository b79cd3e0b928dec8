"""What schemathesis does beside its own checks; loaded by it through SCHEMATHESIS_HOOKS.

Runs in schemathesis's process, which has nothing of ours installed.
"""

from __future__ import annotations

import os
from urllib.parse import quote

import requests
import schemathesis
from schemathesis import GenerationMode

TEXT = "the canary still sings"
CANARY = {
    "model": f"scripted:{quote(TEXT, safe='')}",
    "prompt": "hello",
    "max_tokens": 64,
    "temperature": 0,
}
MOST_TOKENS = 4
MOST_CHOICES = 2

# A control asks for a text that no server gives.
EXPECTED = os.environ.get("CANARY_TEXT", TEXT)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Requests that fit the document name the model that is served, and stay short.

    Nothing else would get past the 404 of an unknown model. What does not fit stays as it is.
    """
    body = case.body
    fits = case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE
    if not fits or not isinstance(body, dict) or "model" not in body:
        return
    body["model"] = "default"
    for name, most in (("max_tokens", MOST_TOKENS), ("n", MOST_CHOICES)):
        body[name] = min(body.get(name) or most, most)
    body.pop("max_completion_tokens", None)


@schemathesis.check
def canary(context, response, case):
    """After each request another one must still get its text, to the letter."""
    url = os.environ["CANARY_URL"]
    answer = requests.post(f"{url}/v1/completions", json=CANARY, timeout=30)
    found = answer.json()["choices"][0]["text"] if answer.status_code == 200 else answer.text
    if found != EXPECTED:
        raise AssertionError(f"The canary got {answer.status_code}: {found[:200]!r}")
