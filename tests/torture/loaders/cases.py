# SPDX-License-Identifier: MIT
from case import Case

LIB = "{built}/libtorture-%s.so"
ALPHA, BETA, GAMMA, DELTA = (LIB % name for name in ("alpha", "beta", "gamma", "delta"))
SIZES = {"alpha": 111, "beta": 222, "gamma": 333, "delta": 444}


def loaded(name, times, calls=None, size=None):
    """The rows of a plugin (plugin.c) that was loaded, called and unloaded so often."""
    size, calls = size or SIZES[name], times if calls is None else calls
    return {f"{name}_start": (times, times * (size + 1), 0, 0),
            f"{name}_make": (calls, calls * size, 0, 0),
            f"{name}_churn": (3 * calls, 3 * calls * size, 0, 0),
            f"{name}_stop": (times, times * (size + 2), 0, 0)}


def converter(name, size):
    """A plugin that is a converter; one of it is left when the program ends."""
    return {f"{name}_start": (20, 20 * (size + 1), 0, 0), f"{name}_make": (80, 80 * size, 0, 0),
            f"{name}_stop": (20, 20 * (size + 2), 0, 0)}


CONVERTERS = {**converter("red", 50), **converter("green", 60), **converter("blue", 70)}


def makes(size, times=100, left=1):
    return times, times * size, left, left * size


GROWS = (1, 1000, 0, 0)  # a block that was reallocated: one, of the size that it had at last
JEMALLOC = {"mallocx_dallocx": makes(100), "mallocx_sdallocx": makes(200),
            "mallocx_free": makes(300), "malloc_dallocx": makes(400)}
TCMALLOC = {"by_malloc": makes(100), "by_calloc": makes(200), "by_memalign": makes(300),
            "by_new": makes(400), "by_array": makes(500), "by_sized": makes(600),
            "by_libc": makes(700), "by_valloc": makes(800)}
MIMALLOC = {"by_malloc": makes(100), "by_zalloc": makes(200), "by_calloc": makes(300),
            "by_aligned": makes(400), "by_small": makes(500), "by_libc": makes(600),
            "by_new": makes(700), "in_heap": makes(900, left=0)}


def each_way(name, **fields):
    return Case(name, f"every function of the standard family, two threads, {fields.pop('how')}",
                fields.pop("says_of_it", "whole: each call counts once"), **fields)


def built(way, words, **fields):
    return Case(f"built-{way.replace('_', '-')}", f"a plain program {words}", "whole",
                program=f"built_{way}", options="verify=1", **fields)


CASES = (
    Case("open-1000", "loads, calls and unloads a library 1,000 times",
         "whole; each function of it by name",
         program="open_loop", args=("turns", "1000", ALPHA), rows=loaded("alpha", 1000)),
    Case("open-in-turns", "four libraries in turns, one where another was, while threads allocate",
         "whole; what each allocated under its own names",
         program="open_loop", args=("turns", "250", ALPHA, BETA, GAMMA, DELTA),
         rows={place: row for name in SIZES for place, row in loaded(name, 250).items()}),
    Case("open-in-threads", "four threads, each of which loads and unloads a library of its own",
         "whole; what each allocated under its own names",
         program="open_loop", args=("threads", "250", ALPHA, BETA, GAMMA, DELTA),
         rows={place: row for name in SIZES for place, row in loaded(name, 250).items()}),
    Case("open-together", "four threads load and unload the same library", "whole",
         program="open_loop", args=("together", "250", ALPHA, ALPHA, ALPHA, ALPHA),
         rows={"alpha_make": (1000, 111000, 0, 0), "alpha_churn": (3000, 333000, 0, 0)}),
    Case("open-bind-now", "the same as in turns, with LD_BIND_NOW", "whole",
         program="open_loop", args=("turns", "50", ALPHA, BETA), env={"LD_BIND_NOW": "1"},
         rows={**loaded("alpha", 50), **loaded("beta", 50)}),
    Case("open-deep", "loads a library with RTLD_DEEPBIND, whose blocks the program frees",
         "whole; what the library takes past everybody is a loss where it comes to light: 15",
         program="deepbind", args=(ALPHA,), losses={"unknown_free": 15},
         rows={"alpha_make": None, "alpha_churn": None}),
    Case("open-many", "300 libraries at once; half of them are unloaded, and more come",
         "whole; all of them by name",
         program="many_libraries", args=("300", ALPHA),
         rows={"alpha_make": (1800, 1800 * 111, 1800, 1800 * 111)}),
    Case("file-replaced", "unloads a library and loads another that has its name by now",
         "whole; what the first allocated has no name, and not the other's",
         program="replaced", args=("replaced", ALPHA, BETA),
         rows={"beta_churn": (20, 20 * 222, 0, 0), "beta_make": (1, 222, 1, 222),
               "alpha_make": None, "in plugin.so": (13, 13 * 111 + 3, 1, 111)}),
    Case("file-beside", "the same while the first is still loaded",
         "whole; what the first allocated has no name, and not the other's",
         program="replaced", args=("beside", ALPHA, BETA),
         rows={"beta_churn": (20, 20 * 222, 0, 0), "beta_make": (1, 222, 1, 222),
               "alpha_make": None}),
    Case("file-deleted", "deletes libraries that it has loaded",
         "whole; they have no names any more, but each is a module of its own",
         program="replaced", args=("deleted", ALPHA, BETA),
         rows={"in plugin.so": (13, 13 * 111 + 3, 1, 111),
               "in other.so": (23, 23 * 222 + 3, 1, 222), "alpha_make": None}),
    Case("file-in-memory", "loads libraries from memory, through /proc/self/fd",
         "whole; they have no names, but each is a module of its own",
         program="replaced", args=("memory", ALPHA, BETA),
         rows={"in 50": (13, 13 * 111 + 3, 1, 111), "in 51": (23, 23 * 222 + 3, 1, 222)}),
    Case("namespaces", "dlmopen: libraries with C libraries of their own, which call back",
         "whole; what the program allocates under them; their own heaps are not seen",
         args=(ALPHA,), rows={"alpha_make": None}),
    Case("audited", "an audit library hears of all bindings and calls, and allocates", "whole",
         program="open_loop", args=("turns", "20", ALPHA, BETA),
         env={"LD_AUDIT": LIB % "audit"}, losses={"early": 1},
         rows={**loaded("alpha", 20), **loaded("beta", 20)}),
    Case("audited-bind-now", "the same with LD_BIND_NOW", "whole",
         program="open_loop", args=("turns", "20", ALPHA, BETA),
         env={"LD_AUDIT": LIB % "audit", "LD_BIND_NOW": "1"}, losses={"early": 1},
         rows={**loaded("alpha", 20), **loaded("beta", 20)}),
    Case("static-tls", "loads libraries with initial-exec variables until no more fit in",
         "whole; as many fit in as without heapmark", args=(LIB % "tls",)),
    Case("dynamic-tls", "megabytes of thread-local variables, which the loader allocates late",
         "whole", args=(LIB % "data",), truth=True),
    Case("ifunc", "a library whose resolver allocates before heapmark is even relocated",
         "whole; what was allocated before heapmark started is counted: 2 blocks",
         losses={"early": 2}),
    Case("begins", "allocates before, in and after all constructors; a library takes our place as "
         "the first",
         "whole; what was allocated before heapmark started is counted: 4 blocks",
         losses={"early": 4, "unknown_free": 4}),
    Case("wrapper-before", "a library is preloaded before heapmark that stands before malloc()",
         "whole; it says that it is not the first", program="each_way",
         before=(LIB % "wrap-malloc",), losses={"own_allocator": 1}),
    Case("wrapper-after", "the same after heapmark", "whole: each call counts once",
         program="each_way", after=(LIB % "wrap-malloc",)),
    Case("calls-wrapped-before", "a preloaded library wraps dlsym, dlopen, fork, sigaction, mmap…, "
         "and allocates in them", "one of each process, whole",
         program="wrapped", args=(ALPHA,), before=(LIB % "wrap-calls",)),
    Case("calls-wrapped-after", "the same after heapmark", "one of each process, whole",
         program="wrapped", args=(ALPHA,), after=(LIB % "wrap-calls",)),
    Case("unwinders", "backtrace() and _Unwind_Backtrace(), in handlers and under the loader's lock",
         "whole; they are the C library's and the compiler's", options="verify=1"),
    Case("unwinders-linked", "the same in a program that is linked with libunwind",
         "whole; they are the program's", program="unwinders_linked", options="verify=1"),
    Case("exceptions", "C++ exceptions out of libraries that are loaded and unloaded, in threads",
         "whole", program="throws", options="verify=1", args=(LIB % "throw", LIB % "thrower")),
    Case("loader-locked", "allocates in callbacks under the loader's lock, while others load",
         "whole", program="phdr_loop", args=(ALPHA,)),
    Case("next-malloc", "finds malloc() by name in every way and calls that",
         "whole: each call counts once", args=(ALPHA,),
         rows={"make_all": (40, 40 * 101 + 20, 0, 0)}),
    Case("own-malloc", "a program with a malloc() of its own, exported",
         "whole; that its own allocator served it is said", losses={"own_allocator": 1}),
    Case("own-malloc-hidden", "a program with a malloc() of its own for itself alone",
         "whole, and empty", program="own_hidden"),
    Case("libc-direct", "calls __libc_malloc() and __libc_free()",
         "whole; what that leaves open is counted",
         losses={"unknown_free": 7, "double_alloc": 3}),
    each_way("each-way", how="in the C library", truth=True),
    *(each_way(f"{name}-{where}", how=f"with {name} preloaded {where}", program="each_way",
               needs=(library,), **{where: (f"lib{library}.so.{version}",)}, **fields)
      for name, library, version in (("jemalloc", "jemalloc", 2),
                                     ("tcmalloc", "tcmalloc_minimal", 4),
                                     ("mimalloc", "mimalloc", 2))
      for where, fields in (("before", {"losses": {"own_allocator": 1}}),
                            ("after", {"truth": name != "tcmalloc"}))),
    *(each_way(f"{name}-linked", how=f"linked with {name}", program=f"linked_{name}",
               truth=name != "tcmalloc",
               needs=(f"/usr/include/{header}",))
      for name, header in (("jemalloc", "jemalloc/jemalloc.h"),
                           ("tcmalloc", "gperftools/tcmalloc.h"), ("mimalloc", "mimalloc.h"))),
    Case("family-jemalloc", "jemalloc's own functions, mixed with the standard ones",
         "whole: each call counts once", needs=("/usr/include/jemalloc/jemalloc.h",),
         rows=JEMALLOC),
    Case("family-tcmalloc", "tcmalloc's own functions, mixed with the standard ones",
         "whole: each call counts once", needs=("/usr/include/gperftools/tcmalloc.h",),
         rows=TCMALLOC),
    Case("family-mimalloc", "mimalloc's own functions, mixed with the standard ones",
         "whole: each call counts once", needs=("/usr/include/mimalloc.h",), rows=MIMALLOC),
    Case("libc-makes", "obstacks, streams in memory, printf of huge widths, iconv, NSS, locales, "
         "regcomp, qsort", "whole; as the independent count says", truth=True),
    Case("iconv-own", "converters whose modules the C library loads and unloads by itself",
         "whole; each module's allocations under its own names",
         env={"GCONV_PATH": "{built}"}, rows=CONVERTERS),
    Case("left-behind", "libraries that are unloaded leave exit handlers, thread-local objects and "
         "keys behind", "whole", program="unloaded", args=(LIB % "unloaded",)),
    Case("ends", "in a library's destructor: unloads another one, has threads, forks, exits",
         "one of each process, whole", args=(LIB % "ends", ALPHA)),
    Case("built-asan", "a plain program with AddressSanitizer, whose malloc() is in the program",
         "whole; that its own allocator served it is said; the command refuses it",
         program="built_asan", needs=("clang",), env={"ASAN_OPTIONS": "detect_leaks=0"},
         losses={"own_allocator": 1}, refused="built with AddressSanitizer"),
    built("bare", "without unwind information"),
    built("clang", "built by the other compiler", needs=("clang",)),
    built("far", "at a fixed address that is not the usual one"),
    built("guarded", "with stack protector, stack clash protection, CET and full RELRO"),
    built("lazy", "without RELRO and with the old hash table"),
    built("no_pie", "at a fixed address"),
    built("optimized", "with -O3 and link-time optimization"),
    built("profiled", "with -pg"),
    built("stripped", "without symbols but those that it exports"),
    built("static", "that is static: it runs", refused="statically linked"),
    built("static_pie", "that is static and position-independent", refused="statically linked"),
    Case("starts-static", "starts programs that no library can be loaded into: static ones",
         "its own; none of theirs", program="starter",
         args=("{built}/torture-built_static", "{built}/torture-built_static_pie")),
    Case("starts-setuid", "starts a program that runs as another user",
         "its own; none of that one", program="starter", root=True,
         args=("setuid:{built}/torture-built_lazy",)),
    Case("made-code", "machine code that the program makes itself, with and without unwind "
         "information, calls malloc()", "whole", options="verify=1"),
    Case("kernel-code", "signals that come inside of the vDSO, and allocate", "whole",
         options="verify=1"),
)
