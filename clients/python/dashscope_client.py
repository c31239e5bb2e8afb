"""The dashscope package, with every option at its default but where the task asks for one."""

from dashscope import Generation, MultiModalConversation

from tasks import main, raised


def perform(task):
    base = {"api_key": task["key"], "base_address": task["origin"] + "/api/v1", "model": task["model"]}
    told = {"text": ""}
    try:
        if task.get("manner") == "multimodal":
            messages = [{"role": "user", "content": [{"text": task["prompt"]}]}]
            take(told, MultiModalConversation.call(messages=messages, **base), False)
            return told
        request = {**base, "messages": [{"role": "user", "content": task["prompt"]}], "result_format": "message"}
        if not task["stream"]:
            take(told, Generation.call(**request), False)
            return told
        is_incremental = task.get("manner") == "incremental"
        for reply in Generation.call(**request, stream=True, incremental_output=is_incremental):
            take(told, reply, is_incremental)
    except Exception as error:
        told["error"] = raised(error)
    return told


def take(told, reply, is_incremental):
    """A reply is a value, whether it went well or not."""
    if reply.status_code != 200:
        told["error"] = {
            "by": "returned",
            "class": type(reply).__name__,
            "status": reply.status_code,
            "code": reply.code,
            "requestId": reply.request_id,
            "message": reply.message,
        }
        return
    content = reply.output.choices[0].message.content
    text = content if isinstance(content, str) else "".join(part["text"] for part in content)
    told["text"] = told["text"] + text if is_incremental else text
    told["tokens"] = [reply.usage.input_tokens, reply.usage.output_tokens]


main(perform)
