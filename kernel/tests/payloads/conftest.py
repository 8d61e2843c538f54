"""The MongoDB that payloads in GridFS are tested on."""

from servers.mongo_fixtures import mongo_url, mongodb, own_mongod

__all__ = ["mongo_url", "mongodb", "own_mongod"]
