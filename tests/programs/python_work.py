# SPDX-License-Identifier: MIT
"""Honest work for an interpreter: JSON, dictionaries, strings, sorting, garbage in cycles."""

import json


class Node:
    def __init__(self, number):
        self.number, self.self = number, self


records = [{"id": i, "name": f"name {i}", "tags": [str(i % 7), str(i % 11)]} for i in range(4000)]
text = json.dumps(records)
again = json.loads(text)
by_tag = {}
for record in again:
    for tag in record["tags"]:
        by_tag.setdefault(tag, []).append(record["name"])
nodes = [Node(i) for i in range(2000)]
del nodes
words = sorted(" ".join(names) for names in by_tag.values())
print(len(text), len(by_tag), sum(map(len, words)))
