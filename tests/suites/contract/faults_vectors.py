"""Faults of embeddings, of tokens and of rankings."""

from __future__ import annotations

from typing import Any

from tests.suites.contract.fake_contract import Fault
from tests.suites.contract.fault_hooks import Hook, answered, drops, edited, put, refuses

EMBEDDINGS, RERANK = "/v1/embeddings", "/v1/rerank"
TOKENIZE, DETOKENIZE = "/tokenize", "/detokenize"


def vectors(edit: Any) -> Hook:
    """Every vector that is a list of numbers, changed."""

    def change(body: dict[str, Any]) -> None:
        for entry in body["data"]:
            if isinstance(entry["embedding"], list):
                entry["embedding"] = edit(entry["embedding"])

    return edited(EMBEDDINGS, change)


def _reversed(body: dict[str, Any]) -> None:
    found = [entry["embedding"] for entry in body["data"]]
    for entry, embedding in zip(body["data"], reversed(found), strict=True):
        entry["embedding"] = embedding


def _mixed(body: dict[str, Any]) -> None:
    """Padding in a batch: each vector takes on something of its neighbours'."""
    for entry in body["data"][1:]:
        entry["embedding"][0] += 0.2


def _empty(body: dict[str, Any]) -> bool:
    return bool(body.get("input") == [])


def _no_ids(body: dict[str, Any]) -> bool:
    given = body.get("input")
    return isinstance(given, list) and bool(given) and not isinstance(given[0], str)


EMBEDDING_FAULTS = (
    Fault(
        "data has no index",
        ("EMB-01",),
        reply=edited(EMBEDDINGS, lambda b: b["data"][0].pop("index")),
    ),
    Fault(
        "no usage of embeddings", ("EMB-01",), reply=edited(EMBEDDINGS, lambda b: b.pop("usage"))
    ),
    Fault(
        "base64 is ignored",
        ("EMB-02", "EMB-03"),
        request=drops("encoding_format"),
        seen="sgl-project/sglang PR#28803",
    ),
    Fault(
        "base64 is of float64",
        ("EMB-02",),
        reply=edited(
            EMBEDDINGS, lambda b: [put(e, embedding=e["embedding"] * 2) for e in b["data"]]
        ),
    ),
    Fault(
        "base64 of other numbers",
        ("EMB-02",),
        reply=vectors(lambda v: [v[0] + 0.01, *v[1:]]),
    ),
    Fault("any encoding_format is taken", ("EMB-03",), lenient=("encoding_format",)),
    Fault("vectors come in another order", ("EMB-04",), reply=edited(EMBEDDINGS, _reversed)),
    Fault(
        "all have index 0",
        ("EMB-04",),
        reply=edited(EMBEDDINGS, lambda b: [put(entry, index=0) for entry in b["data"]]),
    ),
    Fault(
        "ids are a server error",
        ("EMB-05",),
        request=refuses(_no_ids, 500, "body", EMBEDDINGS),
    ),
    Fault(
        "one vector for a list",
        ("EMB-05", "EMB-06"),
        reply=edited(EMBEDDINGS, lambda b: put(b, data=b["data"][:1])),
    ),
    Fault("neighbours leak into a vector", ("EMB-06",), reply=edited(EMBEDDINGS, _mixed)),
    Fault("dimensions is ignored", ("EMB-07",), request=drops("dimensions")),
    Fault(
        "a short vector is only cut",
        ("EMB-07",),
        reply=vectors(lambda v: v if len(v) == 8 else [value / 2 for value in v]),
    ),
    Fault("nothing has a vector", ("EMB-08",), lenient=("input",)),
    Fault("an empty list is a 500", ("EMB-08",), request=refuses(_empty, 500, "body", EMBEDDINGS)),
    Fault("long texts are cut", ("EMB-09",), lenient=("long input",)),
    Fault("any model embeds", ("EMB-10",), lenient=("unknown model",)),
    Fault(
        "an unknown model is a framework's 404",
        ("EMB-10",),
        reply=answered(
            lambda at, reply: at == EMBEDDINGS and reply.status == 404, 404, {"detail": "Not Found"}
        ),
    ),
    Fault("a number is NaN", ("EMB-11",), reply=vectors(lambda v: [float("nan"), *v[1:]])),
    Fault("a vector is zero", ("EMB-11",), reply=vectors(lambda v: [0.0] * len(v))),
)

TOKEN_FAULTS = (
    Fault(
        "tokens come back in lower case",
        ("TOK-01",),
        reply=edited(DETOKENIZE, lambda b: put(b, prompt=b["prompt"].lower())),
    ),
    Fault(
        "the count of tokens is of bytes",
        ("TOK-01",),
        reply=edited(TOKENIZE, lambda b: put(b, count=b["count"] + 1)),
    ),
    Fault(
        "messages are counted without the template",
        ("TOK-02",),
        reply=edited(TOKENIZE, lambda b: put(b, count=b["count"] - 2)),
    ),
    Fault("any number is a token", ("TOK-03",), lenient=("tokens",)),
    Fault(
        "rankings are not sorted",
        ("RRK-01",),
        reply=edited(RERANK, lambda b: b["results"].reverse()),
    ),
    Fault("top_n is ignored", ("RRK-01",), request=drops("top_n")),
    Fault(
        "index is the rank",
        ("RRK-01",),
        reply=edited(RERANK, lambda b: [put(r, index=r["index"] + 3) for r in b["results"]]),
    ),
)

FAULTS = (*EMBEDDING_FAULTS, *TOKEN_FAULTS)
