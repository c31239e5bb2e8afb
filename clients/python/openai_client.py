"""The openai package, with every option at its default."""

from openai import OpenAI

from tasks import main, raised


def perform(task):
    client = OpenAI(api_key=task["key"], base_url=task["origin"] + "/compatible-mode/v1")
    request = {"model": task["model"], "messages": [{"role": "user", "content": task["prompt"]}]}
    told = {"text": ""}
    try:
        if task["stream"]:
            for chunk in client.chat.completions.create(**request, stream=True):
                for choice in chunk.choices or []:
                    told["text"] += choice.delta.content or ""
        else:
            reply = client.chat.completions.create(**request)
            told["text"] = reply.choices[0].message.content
            told["tokens"] = [reply.usage.prompt_tokens, reply.usage.completion_tokens]
    except Exception as error:
        told["error"] = raised(error)
    return told


main(perform)
