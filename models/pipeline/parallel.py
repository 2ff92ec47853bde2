"""Seeded work in chunks over two processes: the result depends on the seed, never on the number of processes."""
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

PROCESSES = max(1, min(2, os.cpu_count() or 1))
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


def run_chunks(function, arguments: list[tuple], processes: int = PROCESSES):
    """Yields function(*arguments[i]) in order. `spawn`, because the synthesiser's library keeps state that must not be forked."""
    if processes == 1 or len(arguments) == 1:
        for argument in arguments:
            yield function(*argument)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(function, *zip(*arguments))
