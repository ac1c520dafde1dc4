"""A scan of a folder in a process of its own; prints its workers as soon as the first answer came, then goes on."""

import sys
from pathlib import Path

from battery.scan.source.pool import Pool
from battery.scan.source.pool_messages import Piece


def main() -> None:
    """Scan endlessly many pieces."""

    def pieces() -> "object":
        number = 0
        while True:
            number += 1
            yield Piece(name=f"{number}.py", size=0, content=Path(__file__).read_bytes())

    with Pool(workers=2, key=b"k") as pool:
        told = False
        for _ in pool.run("code", pieces(), (0, 0)):  # type: ignore[arg-type]
            if len(pool.pids()) == 2 and not told:
                told = True
                sys.stdout.write(" ".join(map(str, pool.pids())) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
