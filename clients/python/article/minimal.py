from openai import OpenAI
# Use APIYI proxy service to say goodbye to rate limiting headaches
client = OpenAI(
    api_key="your-apiyi-key",
    base_url="https://api.apiyi.com/v1"
)
response = client.chat.completions.create(
    model="qwen3-max",
    messages=[
        {"role": "user", "content": "Please explain how the MoE architecture works."}
    ]
)
print(response.choices[0].message.content)
