# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What each group of tests/run does. Standard output is the group's log; what
# passed and failed is told by check(), count_automake() and run_bats(). A function
# files_GROUP names bats files.

# Tests find the built tree here.
export GVM_SRCDIR=$TOP
export GVM_BUILDDIR=$OUT/gcc

group_setup() {
    check "the tests' packages are installed" "$TOP/tests/setup"
}

group_build() {
    check "autogen" autogen
    check "configure with gcc" configure_gcc
    check "build with gcc" build_gcc
    # All of it here: jobs that run at the same time must not compile in one folder.
    check "build the tests with gcc" make -C "$OUT/gcc" -j2 check TESTS=
}

group_unit() {
    find "$OUT/gcc/tests" -name '*.trs' -delete
    make -C "$OUT/gcc" -j2 check VERBOSE=1
    count_automake "$OUT/gcc"
}

# make check promises to need no root: each program again, as a user who may nothing. Most of
# their time they wait for a time to be over, so some at once.
group_nobody() {
    local program dir code
    dir=$(mktemp -d /tmp/guardedvm-nobody.XXXXXX) && chmod 1777 "$dir" || return
    while read -r code program; do
        program="without root: ${program#"$OUT"/gcc/}"
        case $code in
        0) result pass "$program" ;;
        # A world of its own cannot be had everywhere.
        77) result skip "$program" ;;
        *) result fail "$program" ;;
        esac
    done < <(find "$OUT/gcc/tests/unit" -name '*_test' -type f -executable | sort |
        xargs -P 4 -n 1 "$TOP/tests/runner/nobody" "$dir" 3>&1 >&2)
    rm -rf "$dir"
}

# With clang, which brings libFuzzer and checks what gcc's sanitizers do not. One folder for the
# two groups, which build all of it before the first test: they may run at the same time.
sanitized() {
    local targets
    mapfile -t targets < <(fuzz_targets)
    check "configure with clang and sanitizers" configured sanitized CC=clang --enable-sanitizers \
        'CFLAGS=-O1 -g -fsanitize=fuzzer-no-link'
    # By themselves: programs that were not built leave nothing that could fail.
    check "build the tests with sanitizers" make -C "$OUT/sanitized" -j2 check TESTS=
    check "build the fuzzed readers" make -C "$OUT/sanitized" -j2 LDFLAGS=-fsanitize=fuzzer \
        "${targets[@]/#/tests/fuzz/}"
}
fuzz_targets() { (cd "$TOP/tests/fuzz" && basename -s .c -a ./*.c | grep -vx seeds); }
build_sanitized() {
    { flock 8 && sanitized; } 8>"$OUT/sanitized.lock"
}

# Each program is one test here: its cases are counted once, in group unit.
group_sanitize() {
    local trs
    build_sanitized
    find "$OUT/sanitized" -name '*.trs' -delete
    ASAN_OPTIONS=detect_leaks=1 make -C "$OUT/sanitized" -j2 check VERBOSE=1
    while read -r trs; do
        trs=${trs%.trs}
        if grep -q '^:test-result: *\(PASS\|SKIP\)' "$trs.trs"; then
            result pass "sanitizers: ${trs#"$OUT"/sanitized/}"
        else
            cat "$trs.log"
            result fail "sanitizers: ${trs#"$OUT"/sanitized/}"
        fi
    done < <(find "$OUT/sanitized/tests" -name '*.trs' | sort)
}

# What reads others' bytes gets damaged ones, chosen by what they reach. So many of them each time;
# GVM_FUZZ_RUNS is for a long search, which goes on where the last one ended.
group_fuzz() {
    local name work=$OUT/sanitized/fuzz targets
    mapfile -t targets < <(fuzz_targets)
    build_sanitized
    mkdir -p "${targets[@]/#/$work/}" "${targets[@]/#/$work/first/}"
    cp -r "$TOP/tests/fuzz/seeds/." "$work/first/"
    check "build what writes the first inputs" make -C "$OUT/gcc" tests/fuzz/seeds
    check "write the first inputs" "$OUT/gcc/tests/fuzz/seeds" "$work/first"
    for name in "${targets[@]}"; do
        check "fuzz: $name" "$OUT/sanitized/tests/fuzz/$name" -seed=1 -timeout=20 \
            -runs="${GVM_FUZZ_RUNS:-20000}" -artifact_prefix="$work/$name-" \
            "$work/$name" "$work/first/$name"
    done
}

# Only what is pure: valgrind 3.19 knows no pidfd_open, and its own files would be
# seen in /proc. The rest is the sanitizers'.
group_valgrind() {
    local program
    while read -r program; do
        check "valgrind: ${program#"$OUT"/gcc/}" env GVM_SRCDIR="$TOP" \
            timeout 300 valgrind --quiet --error-exitcode=99 --leak-check=full \
            --errors-for-leak-kinds=definite,indirect --child-silent-after-fork=yes "$program"
    done < <(find "$OUT"/gcc/tests/unit/{base,model} -name '*_test' -type f -executable | sort)
}

group_lint() {
    "$TOP/tests/lint/run" --results "$RESULTS/$JOB"
    # Told by the result file.
    true
}

group_dist() {
    # Whether all is in the tarball: to optimize it once more would prove nothing.
    check "make distcheck" make -C "$OUT/gcc" distcheck VERBOSE=1 \
        DISTCHECK_CONFIGURE_FLAGS=CFLAGS=-O0
}

# Jobs of two minutes and more, the longest first: one that begins last keeps a worker waiting.
# shellcheck disable=SC2034 # the runner's
LONGEST=(restart migratefaults dump watchcluster incidents cluster domain saved kill9 migratecluster
    hang dumpcluster libvirtd guest.selftest health migrate freeze fail)

# A scenario needs a cluster, or one node on which the agent is called by hand.
files_scenario() { grep -L -e '--no-cluster' "$TOP"/tests/scenario/*.bats; }
files_agent() { grep -l -e '--no-cluster' "$TOP"/tests/scenario/*.bats; }
files_faults() { printf '%s\n' "$TOP"/tests/faults/*.bats; }
files_guest() { echo "$TOP/tests/guest/selftest.bats"; }
files_lab() { echo "$TOP/tests/lab/selftest.bats"; }

# Beside a cluster that somebody keeps of a demo of his own.
group_demo() {
    check "every promise of tests/demo" env LAB="$GVM_LAB_PREFIX-demo" "$TOP/tests/demo"
}

# Smaller than by hand: truths need no repetition, figures on a busy machine are no figures.
group_bench() {
    GVM_BENCH_PANICS=${GVM_BENCH_PANICS:-3} GVM_BENCH_GUESTS=${GVM_BENCH_GUESTS:-30} \
        GVM_BENCH_CRASHES=${GVM_BENCH_CRASHES:-10} GVM_BENCH_FREEZES=${GVM_BENCH_FREEZES:-3} \
        GVM_BENCH_SECONDS=${GVM_BENCH_SECONDS:-30} GVM_BENCH_HANG_S=${GVM_BENCH_HANG_S:-20} "$TOP/tests/bench/run" agents freeze | tee -a /dev/fd/3
    check "bench ran to its end" test "${PIPESTATUS[0]}" = 0
}
