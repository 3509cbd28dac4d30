"""parallel.py WORKLOAD ITEMS LANES MICROSECONDS: prints what measure/contender.ts answers."""
import json
import multiprocessing
import sys
import time

WORKLOAD, ITEMS, LANES, MICROSECONDS = sys.argv[1], *map(int, sys.argv[2:5])


def spin(x):
    end = time.perf_counter_ns() + MICROSECONDS * 1000
    while time.perf_counter_ns() < end:
        pass
    return x


def multiply(x):
    return x * 1234


def now_ms():
    return time.perf_counter() * 1000


if __name__ == "__main__":
    function, factor, chunk = (spin, 1, 250) if WORKLOAD == "cpu" else (multiply, 1234, 10_000)
    items = list(range(ITEMS))
    began = now_ms()
    pool = multiprocessing.get_context("fork").Pool(LANES)
    setup = now_ms() - began
    runs = []
    for _ in range(3):
        began = now_ms()
        results = pool.map(function, items, chunksize=chunk)
        runs.append(now_ms() - began)
        if results != [x * factor for x in items]:
            sys.exit("wrong results")
    pool.terminate()
    pool.join()
    print(json.dumps({"importMs": 0, "setupMs": setup, "firstMs": runs[0], "warmMs": runs[1:]}))
