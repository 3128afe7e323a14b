# SPDX-License-Identifier: GPL-2.0-or-later
# Built by `tests/run fuzz` only: the targets with clang's libFuzzer, which brings their main().
EXTRA_PROGRAMS = \
	tests/fuzz/cluster \
	tests/fuzz/core \
	tests/fuzz/disk \
	tests/fuzz/domain \
	tests/fuzz/dump \
	tests/fuzz/gdb \
	tests/fuzz/qmp \
	tests/fuzz/record \
	tests/fuzz/seeds \
	tests/fuzz/watch \
	tests/fuzz/words
fuzz_core = tests/unit/model/core_sample.c tests/unit/model/core_sample.h
fuzz_samples = $(fuzz_core) tests/unit/model/printk_sample.c tests/unit/model/printk_sample.h
tests_fuzz_dump_SOURCES = tests/fuzz/dump.c $(fuzz_core)
tests_fuzz_core_SOURCES = tests/fuzz/core.c $(fuzz_samples)
tests_fuzz_seeds_SOURCES = tests/fuzz/seeds.c $(fuzz_samples) \
	tests/unit/model/record_sample.c tests/unit/model/record_sample.h
