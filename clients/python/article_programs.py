"""Runs the article's programs as printed. Only the addresses and keys in them are replaced."""

import asyncio
import time
from pathlib import Path

from dashscope import Generation
from openai import AsyncOpenAI, OpenAI

from tasks import describe, main

addresses = ["https://api.apiyi.com/v1", "https://dashscope.aliyuncs.com/compatible-mode/v1"]


def listing(name, task, print=print):
    """Returns the names that a listing defines. The article assumes that an earlier listing has imported OpenAI and time."""
    text = (Path(__file__).parent / "article" / f"{name}.py").read_text()
    for address in addresses:
        text = text.replace(address, address_of(task))
    text = text.replace("your-apiyi-key", task["keys"][0])
    names = {"OpenAI": OpenAI, "time": time, "print": print}
    exec(compile(text, f"{name}.py", "exec"), names)
    return names


def address_of(task):
    return task["origin"] + "/compatible-mode/v1"


def request_of(task):
    return {"model": "qwen3-max", "messages": [{"role": "user", "content": task["prompt"]}]}


def minimal(task):
    printed = []
    listing("minimal", task, printed.append)
    return [{"text": printed[0]}]


def proxy(task):
    client = listing("proxy", task)["Qwen3MaxClient"](api_key=task["keys"][0])
    return [attempt(lambda: client.chat(task["prompt"]))]


def backoff(task):
    client = OpenAI(api_key=task["keys"][0], base_url=address_of(task))
    call = lambda: client.chat.completions.create(**request_of(task)).choices[0].message.content
    return [attempt(lambda: listing("backoff", task)["call_with_backoff"](call))]


def backoff_around_dashscope(task):
    request = {**request_of(task), "api_key": task["keys"][0], "base_address": task["origin"] + "/api/v1"}
    call = lambda: Generation.call(**request, result_format="message")
    reply = listing("backoff", task)["call_with_backoff"](call)
    if reply.status_code == 200:
        return [{"text": reply.output.choices[0].message.content}]
    error = {"by": "returned", "class": type(reply).__name__, "status": reply.status_code}
    return [{"text": "", "error": {**error, "code": reply.code, "message": reply.message}}]


def queue(task):
    """The calls come one after the other, or all at once. `at` is the instant at which the queue sent each, in seconds."""
    requests = listing("queue", task)["RequestQueue"](rpm_limit=60)
    client = AsyncOpenAI(api_key=task["keys"][0], base_url=address_of(task))

    async def timed():
        at = time.monotonic()
        return at, await client.chat.completions.create(**request_of(task))

    async def call():
        at, reply = await requests.throttled_request(timed)
        return {"text": reply.choices[0].message.content, "at": at}

    async def calls():
        if task.get("callers") == "at once":
            return await asyncio.gather(*[call() for _ in range(task["calls"])])
        return [await call() for _ in range(task["calls"])]

    return asyncio.run(calls())


def rotation(task):
    client = listing("rotation", task)["MultiAccountClient"](task["keys"])
    return [attempt(lambda: client.chat(task["prompt"])) for _ in range(task["calls"])]


def fallback(task):
    client = listing("fallback", task)["FallbackClient"](api_key=task["keys"][0])
    return [attempt(lambda: client.chat(task["prompt"])[0])]


def attempt(call):
    try:
        return {"text": call()}
    except Exception as error:
        return {"text": "", "error": describe(error)}


programs = {
    program.__name__: program
    for program in [minimal, proxy, backoff, backoff_around_dashscope, queue, rotation, fallback]
}

main(lambda task: programs[task["program"]](task))
