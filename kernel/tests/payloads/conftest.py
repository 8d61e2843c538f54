"""The MongoDB that payloads in GridFS are tested on."""

from servers.fixtures import mongo_url, mongodb, own_mongod

__all__ = ["mongo_url", "mongodb", "own_mongod"]
