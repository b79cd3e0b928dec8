"""What LangChain's ChatOpenAI and Simon Willison's ``llm`` do with a server.

``python client_langchain.py http://127.0.0.1:8000/v1`` prints a line of JSON for each check.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from clients_rig import check, run
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel, Field


class Place(BaseModel):
    """A place; bounded, since a small model may never end a text."""

    city: str = Field(max_length=12)
    people: int = Field(ge=0, le=99)


@tool
def get_weather(city: str) -> str:
    """Get the weather in a city."""
    return f"7 degrees in {city}"


def chat(url: str, **options: object) -> ChatOpenAI:
    return ChatOpenAI(
        base_url=url, api_key="none", model="default", temperature=0, max_retries=0, **options
    )


def invoked(url: str) -> None:
    answer = chat(url, max_tokens=16).invoke("hello")
    assert answer.content
    usage = answer.usage_metadata
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]


def streamed(url: str) -> None:
    model = chat(url, max_tokens=16)
    assert (
        "".join(chunk.content for chunk in model.stream("hello")) == model.invoke("hello").content
    )


def tools(url: str) -> None:
    bound = chat(url, max_tokens=64).bind_tools([get_weather], tool_choice="any")
    asked = HumanMessage("What is the weather in Oslo?")
    first = bound.invoke([asked])
    (call,) = first.tool_calls
    result = ToolMessage(get_weather.invoke(call["args"]), tool_call_id=call["id"])
    assert chat(url, max_tokens=32).bind_tools([get_weather]).invoke([asked, first, result]).content


def structured(url: str) -> None:
    made = chat(url, max_tokens=200).with_structured_output(Place, method="json_schema")
    assert isinstance(made.invoke("Where?"), Place)


def embeddings(url: str) -> None:
    # Token ids of another vocabulary are what LangChain sends unless told not to.
    model = OpenAIEmbeddings(
        base_url=url, api_key="none", model="default", check_embedding_ctx_length=False
    )
    assert len(model.embed_documents(["one", "two"])) == 2


def llm(url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "extra-openai-models.yaml").write_text(
            f"- model_id: here\n  model_name: default\n  api_base: {url}\n  can_stream: true\n"
        )
        command = [
            str(Path(sys.executable).with_name("llm")),
            "-m",
            "here",
            "-o",
            "max_tokens",
            "16",
        ]
        for more in ([], ["--no-stream"]):
            ran = subprocess.run(
                [*command, *more, "hello"], capture_output=True, text=True, timeout=120,
                check=False, env={**os.environ, "LLM_USER_PATH": folder, "OPENAI_API_KEY": "none"},
            )  # fmt: skip
            assert ran.returncode == 0, ran.stderr
            assert ran.stdout.strip()


CHECKS = (invoked, streamed, tools, structured, embeddings, llm)

if __name__ == "__main__":
    sys.exit(run(CHECKS, lambda one: check(one, sys.argv[1])))
