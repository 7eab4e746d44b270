# SPDX-License-Identifier: MIT
"""What people try out to learn where Python's memory goes: each function allocates in one way, and
returns what it keeps. What it leaves behind must be the same in every run. See python_guest.py."""

import array
import functools
import gc
import sys
import weakref

MANY = 20000


def list_of_numbers():
    return [number for number in range(MANY)]


def list_of_squares():
    return [number * number for number in range(MANY)]


def sum_without_a_list():
    return sum(number * number for number in range(MANY))


def packed_array():
    return array.array("i", range(MANY))


def list_of_a_range():
    return list(range(MANY))


def tuple_of_a_range():
    return tuple(range(MANY))


def view_written_through():
    data = bytearray(MANY)
    view = memoryview(data)
    view[:10] = bytes(10)
    return data, view


def copy_of_a_part():
    data = bytearray(MANY)
    return data, data[:MANY // 2]


def view_of_a_part():
    data = bytearray(MANY)
    return data, memoryview(data)[:MANY // 2]


class Node:
    def __init__(self, name):
        self.name, self.next, self.back = name, None, None


def cycles_of_objects():
    gc.disable()
    for _ in range(MANY // 20):
        one, other = Node(1), Node(2)
        one.next, other.next = other, one


def cycles_of_lists():
    gc.disable()
    for _ in range(MANY // 20):
        one, other = [], []
        one.append(other)
        other.append(one)


def weak_way_back():
    gc.disable()
    for _ in range(MANY // 20):
        one, other = Node(1), Node(2)
        one.next, other.back = other, weakref.ref(one)
    return one


class Open:
    def __init__(self, number):
        self.x = self.y = self.z = number


class Slotted:
    __slots__ = ("x", "y", "z")

    def __init__(self, number):
        self.x = self.y = self.z = number


def open_objects():
    return [Open(number) for number in range(MANY // 10)]


def slotted_objects():
    return [Slotted(number) for number in range(MANY // 10)]


def open_objects_looked_into():
    kept = [Open(number) for number in range(MANY // 10)]
    for each in kept:
        each.__dict__  # pylint: disable=pointless-statement
    return kept


def cache_that_only_grows():
    cache = {}
    for _ in range(100):
        entry = {"data": list(range(1000))}
        cache[id(entry)] = entry
    return cache


def cached_products(most):
    @functools.lru_cache(maxsize=most)
    def product(number):
        return number * product(number - 1) if number else 1

    for number in range(301):
        product(number)
    return product


def bounded_cache():
    return cached_products(128)


def endless_cache():
    return cached_products(None)


def text_grown():
    text = ""
    for _ in range(MANY // 10):
        text = text + "ten bytes."
    return text


def text_joined():
    return "".join(["ten bytes." for _ in range(MANY // 10)])


def text_grown_beside_a_reference():
    text = ""
    for _ in range(MANY // 10):
        before, text = text, text + "ten bytes."
    return text, before


def equal_texts():
    return ["".join(["key of ", "x" * 40, str(number % 100)]) for number in range(MANY // 10)]


def interned_texts():
    return [sys.intern("".join(["key of ", "y" * 40, str(number % 100)]))
            for number in range(MANY // 10)]


CASES = {name: case for name, case in list(globals().items())
         if getattr(case, "__module__", None) == __name__ and callable(case)
         and not isinstance(case, type) and name != "cached_products"}
