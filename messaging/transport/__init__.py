"""How messages leave and come. One interface, so that the engine knows no network: files, the national service, a double for tests."""

from messaging.transport.base import Arrival, Delivery, Dispatch, State, Transport, TransportFault

__all__ = ["Arrival", "Delivery", "Dispatch", "State", "Transport", "TransportFault"]
