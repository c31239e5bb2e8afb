import asyncio
from collections import deque
class RequestQueue:
    """Request queue to smooth out Qwen3-Max call frequency."""
    def __init__(self, rpm_limit=60):
        self.queue = deque()
        self.interval = 60 / rpm_limit # Request interval
        self.last_request = 0
    async def throttled_request(self, request_func):
        """Throttled request execution."""
        now = time.time()
        wait_time = self.interval - (now - self.last_request)
        if wait_time > 0:
            await asyncio.sleep(wait_time)
        self.last_request = time.time()
        return await request_func()
