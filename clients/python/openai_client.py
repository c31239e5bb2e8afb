"""Makes calls with the openai package, with every option at its default."""

from openai import OpenAI

from tasks import describe, main


def perform(task):
    client = OpenAI(api_key=task["key"], base_url=task["origin"] + "/compatible-mode/v1")
    request = {"model": task["model"], "messages": [{"role": "user", "content": task["prompt"]}]}
    result = {"text": ""}
    try:
        if task["stream"]:
            for chunk in client.chat.completions.create(**request, stream=True):
                for choice in chunk.choices or []:
                    result["text"] += choice.delta.content or ""
        else:
            reply = client.chat.completions.create(**request)
            result["text"] = reply.choices[0].message.content
            result["tokens"] = [reply.usage.prompt_tokens, reply.usage.completion_tokens]
    except Exception as error:
        result["error"] = describe(error)
    return result


main(perform)
