# SPDX-License-Identifier: MIT
"""Work for an interpreter: JSON out and in, and source compiled. The same on every run."""

import ast
import json

orders = [{"number": i, "customer": f"customer {i % 997}", "paid": i % 3 == 0,
           "lines": [{"item": f"item {j}", "price": j * 1.25} for j in range(i % 4)],
           "remarks": [str(i * 31), None, "late" if i % 5 else "early"]} for i in range(15000)]
text = json.dumps(orders, indent=1)
for _ in range(3):
    again = json.loads(text)
by_customer = {}
for order in again:
    by_customer.setdefault(order["customer"], []).append(
        sum(line["price"] for line in order["lines"]))
with open(ast.__file__, encoding="utf-8") as file:
    source = file.read()
for _ in range(3):
    compile(ast.parse(source), "ast.py", "exec")
print(len(text), len(by_customer), sum(map(sum, by_customer.values())))
