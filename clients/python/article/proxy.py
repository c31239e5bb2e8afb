import time
from openai import OpenAI
from openai import APIError, RateLimitError
class Qwen3MaxClient:
    """Qwen3-Max client via APIYI—no more rate limit worries."""
    def __init__(self, api_key: str):
        self.client = OpenAI(
            api_key=api_key,
            base_url="https://api.apiyi.com/v1" # APIYI proxy endpoint
        )
        self.model = "qwen3-max"
    def chat(self, message: str, max_retries: int = 3) -> str:
        """
        Sends a message and gets a reply.
        Using APIYI means you rarely encounter rate limits.
        """
        for attempt in range(max_retries):
            try:
                response = self.client.chat.completions.create(
                    model=self.model,
                    messages=[{"role": "user", "content": message}],
                    max_tokens=4096
                )
                return response.choices[0].message.content
            except RateLimitError as e:
                # With APIYI, this is highly unlikely to trigger
                if attempt < max_retries - 1:
                    wait_time = 2 ** attempt
                    print(f"Request limited, retrying in {wait_time}s...")
                    time.sleep(wait_time)
                else:
                    raise e
            except APIError as e:
                print(f"API Error: {e}")
                raise e
        return ""
    def batch_chat(self, messages: list[str]) -> list[str]:
        """Process batch messages without worrying about rate limits."""
        results = []
        for msg in messages:
            result = self.chat(msg)
            results.append(result)
        return results
