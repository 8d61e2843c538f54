"""The broker that the Kafka bus is tested on."""

from servers.fixtures import kafka, own_kafka

__all__ = ["kafka", "own_kafka"]
