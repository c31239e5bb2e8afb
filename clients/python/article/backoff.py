import time
import random
def call_with_backoff(func, max_retries=5):
    """Exponential backoff and retry strategy"""
    for attempt in range(max_retries):
        try:
            return func()
        except Exception as e:
            if "429" in str(e) and attempt < max_retries - 1:
                # Exponential backoff + random jitter
                wait_time = (2 ** attempt) + random.uniform(0, 1)
                print(f"Rate limit hit, retrying in {wait_time:.2f} seconds...")
                time.sleep(wait_time)
            else:
                raise e
