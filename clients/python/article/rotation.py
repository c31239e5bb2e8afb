from itertools import cycle
class MultiAccountClient:
    """Multi-account rotation client."""
    def __init__(self, api_keys: list[str]):
        self.clients = cycle([
            OpenAI(api_key=key, base_url="https://dashscope.aliyuncs.com/compatible-mode/v1")
            for key in api_keys
        ])
    def chat(self, message: str) -> str:
        client = next(self.clients)
        response = client.chat.completions.create(
            model="qwen3-max",
            messages=[{"role": "user", "content": message}]
        )
        return response.choices[0].message.content
