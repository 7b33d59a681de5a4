"""Whether a brief still says what the library holds: every quote, hash, outlet, order and computed sentence, with no model."""

from agent.verifying.verify import Fault, Verified, verify

__all__ = ["Fault", "Verified", "verify"]
