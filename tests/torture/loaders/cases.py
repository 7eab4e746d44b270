# SPDX-License-Identifier: MIT
from case import Case

CASES = (
)
