"""The minimal model of bench/peers.ts in SimPy. Prints attempts a second of processor time. Usage: simpy_model.py CALLS"""

import random
import sys
import time
from collections import deque

import simpy


class SlidingLog:
    def __init__(self, limit, window):
        self.limit, self.window, self.log = limit, window, deque()

    def check(self, now):
        log = self.log
        while log and log[0] <= now - self.window:
            log.popleft()
        return len(log) < self.limit

    def charge(self, now):
        self.log.append(now)


def main(calls):
    env = simpy.Environment()
    rng = random.Random(1)
    rps, rpm = SlidingLog(10, 1.0), SlidingLog(600, 60.0)
    attempts = 0

    def call():
        nonlocal attempts
        for k in range(6):
            attempts += 1
            now = env.now
            if rps.check(now) and rpm.check(now):
                rps.charge(now)
                rpm.charge(now)
                yield env.timeout(0.8 + rng.random())
                return
            yield env.timeout(rng.random() * min(60.0, 2**k))

    def offer():
        for _ in range(calls):
            yield env.timeout(rng.expovariate(12))
            env.process(call())

    env.process(offer())
    started = time.process_time()
    env.run()
    print(attempts / (time.process_time() - started))


main(int(sys.argv[1]))
