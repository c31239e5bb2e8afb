"""Makes calls with the dashscope package, with every option at its default unless the task names a variant."""

from dashscope import Generation, MultiModalConversation

from tasks import describe, main


def perform(task):
    base = {"api_key": task["key"], "base_address": task["origin"] + "/api/v1", "model": task["model"]}
    result = {"text": ""}
    try:
        if task.get("variant") == "multimodal":
            messages = [{"role": "user", "content": [{"text": task["prompt"]}]}]
            add_reply(result, MultiModalConversation.call(messages=messages, **base), False)
            return result
        request = {**base, "messages": [{"role": "user", "content": task["prompt"]}], "result_format": "message"}
        if not task["stream"]:
            add_reply(result, Generation.call(**request), False)
            return result
        is_incremental = task.get("variant") == "incremental"
        for reply in Generation.call(**request, stream=True, incremental_output=is_incremental):
            add_reply(result, reply, is_incremental)
    except Exception as error:
        result["error"] = describe(error)
    return result


def add_reply(result, reply, is_incremental):
    """Adds a reply to the result. The package returns a reply as a value even when it is an error."""
    if reply.status_code != 200:
        result["error"] = {
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
    result["text"] = result["text"] + text if is_incremental else text
    result["tokens"] = [reply.usage.input_tokens, reply.usage.output_tokens]


main(perform)
