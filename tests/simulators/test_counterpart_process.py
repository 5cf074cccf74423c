"""A counterpart as a process of its own, as the drill has them: it fails at random, where nobody must mend it."""

import time

from scheduler.network import AccountAccess
from scheduler.networks.x import NETWORK
from tests.scheduler.networks.x_contract import outgoing
from tests.simulators.counterpart import Fault
from tests.simulators.counterpart_process import FOR_PEOPLE, started


def test_a_process_has_guests_and_tells_what_is_out_and_what_it_failed_with() -> None:
    with started("x", seed=4) as net:
        guest, other = net.guest(), net.guest()
        access = AccountAccess(guest.handle, guest.remote_id, guest.secrets, net.url)
        NETWORK.publish(access, outgoing("Lo que sale"))
        assert (net.published(guest), net.published(other)) == (["Lo que sale"], [])
        net.ask("torment", every=0.05, lasts=0.5, settles=0.1)
        deadline = time.monotonic() + 20
        while sum(net.ask("tell").values()) < 5 and time.monotonic() < deadline:
            time.sleep(0.05)
        met = net.ask("tell")
        assert sum(met.values()) >= 5
        assert set(met) <= {fault.value for fault in frozenset(Fault) - FOR_PEOPLE}
        failed = 0
        for n in range(4):
            try:
                NETWORK.publish(access, outgoing(f"Otra {n}"))
            except Exception:  # noqa: BLE001 -- by the contract whatever else is raised is a doubt
                failed += 1
        assert failed
