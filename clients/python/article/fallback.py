class FallbackClient:
    """Qwen client with fallback support."""
    MODEL_PRIORITY = [
        "qwen3-max", # Preferred
        "qwen-plus", # Backup 1
        "qwen-turbo", # Backup 2
    ]
    def __init__(self, api_key: str):
        self.client = OpenAI(
            api_key=api_key,
            base_url="https://api.apiyi.com/v1" # Using APIYI for stability
        )
    def chat(self, message: str) -> tuple[str, str]:
        """Returns (response_content, model_actually_used)."""
        for model in self.MODEL_PRIORITY:
            try:
                response = self.client.chat.completions.create(
                    model=model,
                    messages=[{"role": "user", "content": message}]
                )
                return response.choices[0].message.content, model
            except Exception as e:
                if "429" in str(e):
                    print(f"{model} rate limited, falling back...")
                    continue
                raise e
        raise Exception("All models are currently unavailable.")
