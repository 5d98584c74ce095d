"""Dask clusters: one on this machine, or one that already runs somewhere (the extra ``cluster``)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import ExitStack, contextmanager
from typing import Any, cast

from sim.errors import ClusterError, UsageError

#: Seconds to wait for a cluster to answer.
PATIENCE = 30


@contextmanager
def cluster_executor(address: str) -> Iterator[Executor]:
    """Give an executor on a Dask cluster while the block lasts.

    Parameters
    ----------
    address
        ``local`` for a cluster of processes on this machine, or the address of a scheduler, such as
        ``tcp://host:8786``; workers need the same version of Truce.

    Raises
    ------
    UsageError
        If Dask is not installed.
    ClusterError
        If nobody answers there.
    """
    try:
        import distributed
    except ImportError:
        raise UsageError("--cluster needs Dask: pip install 'truce-sim[cluster]'") from None
    dask: Any = distributed  # its functions carry no types
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we say in one line what it says in fifty
    with ExitStack() as stack:
        target: Any = address
        if address == "local":
            # Without an address its pages would be on a port of every network; here nobody else sees them.
            target = stack.enter_context(dask.LocalCluster(threads_per_worker=1, dashboard_address="127.0.0.1:0"))
        try:
            client = stack.enter_context(dask.Client(target, timeout=PATIENCE))
        except (OSError, ValueError) as error:
            raise ClusterError(f"no cluster answers at {address} ({_said(error)}); does its scheduler run?") from error
        yield executor_of(client)


def check_address(address: str) -> None:
    """Refuse what is no address of a cluster."""
    if address != "local" and "://" not in address:
        raise UsageError(f"cluster '{address}' is neither 'local' nor an address such as tcp://host:8786")


def executor_of(client: Any) -> Executor:
    """Return a Dask client as an executor; work of a worker that dies goes to another one."""
    return cast(Executor, client.get_executor(pure=False))


@contextmanager
def lost_cluster_told() -> Iterator[None]:
    """Turn what Dask raises when scheduler or workers are gone into one sentence."""
    try:
        yield
    except CancelledError as error:
        raise ClusterError("the cluster was lost: its scheduler does not answer any more") from error
    except Exception as error:
        if type(error).__module__.split(".")[0] != "distributed":
            raise
        raise ClusterError(f"the cluster was lost ({_said(error)})") from error


def _said(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
