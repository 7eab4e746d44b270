/* SPDX-License-Identifier: MIT */
/* An audit library: in a namespace of its own, it hears of each library, each binding and each call
 * through the PLT; and allocates, with the malloc() of its own C library. */
#include <link.h>
#include <stdlib.h>

static _Thread_local char busy[256];

static void work(size_t size)
{
	void *volatile block = malloc(size);

	busy[size % sizeof(busy)]++;
	free(block);
}

unsigned la_version(unsigned version)
{
	work(100);
	return version;
}

unsigned la_objopen(struct link_map *map, Lmid_t namespace, uintptr_t *cookie)
{
	(void)namespace;
	*cookie = (uintptr_t)map;
	work(200);
	return LA_FLG_BINDTO | LA_FLG_BINDFROM;
}

unsigned la_objclose(uintptr_t *cookie)
{
	(void)cookie;
	work(300);
	return 0;
}

uintptr_t la_symbind64(Elf64_Sym *symbol, unsigned index, uintptr_t *from, uintptr_t *to,
		       unsigned *flags, const char *name)
{
	(void)index, (void)from, (void)to, (void)flags, (void)name;
	work(400);
	return symbol->st_value;
}

Elf64_Addr la_x86_64_gnu_pltenter(Elf64_Sym *symbol, unsigned index, uintptr_t *from, uintptr_t *to,
				  La_x86_64_regs *registers, unsigned *flags, const char *name,
				  long *frame)
{
	(void)index, (void)from, (void)to, (void)registers, (void)flags, (void)name, (void)frame;
	work(500);
	return symbol->st_value;
}
