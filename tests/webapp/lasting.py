"""A process that lasts: what ``test_beside`` ends."""

import time

if __name__ == "__main__":
    time.sleep(60)
