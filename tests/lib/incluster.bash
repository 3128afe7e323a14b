# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What scenarios of the watch on a real cluster of two nodes share: the guest as a resource that
# prefers n1 and leaves it after one failure, and what Pacemaker says of it. Needs scenario.bash and
# watching.bash.

# resource [param=value...]: GUEST, running on n1, with the monitor that the meta-data advises.
resource() {
    n1 pcs resource create "$GUEST" ocf:virt:GuardedVM "config=$CONFIG" "$@" \
        op start timeout=60s op stop timeout=60s op monitor interval=1s timeout=40s \
        meta migration-threshold=1 resource-stickiness=100 --disabled
    n1 pcs constraint location "$GUEST" prefers n1=10
    n1 pcs resource enable "$GUEST"
    lab wait-resource "$GUEST" n1 started 60
    NODE=n1 guest_up
    wait_for 30 "a monitor that is held" is_held
}

# For teardown: never fails.
resource_end() {
    [ -n "${BATS_TEST_COMPLETED:-}" ] || n1 crm_mon -1rfA || true
    n1 pcs property set maintenance-mode=false || true
    n1 pcs resource delete "${GUEST:-none}" --force >/dev/null 2>&1 || true
    for NODE in n1 n2; do guest_end; done
    n1 crm_resource --cleanup >/dev/null 2>&1 || true
}

maintenance() {
    n1 pcs property set maintenance-mode=true
    wait_for 20 "no monitor" not is_held
}
maintenance_ends() { n1 pcs property set maintenance-mode=false; }

crm_shows() { n1 crm_mon -1rfA | grep -Eiq "$1"; }
fail_count() { n1 crm_failcount --query --resource="$GUEST" --node=n1 --quiet; }
# n2 tells also while n1's Pacemaker does not run.
located() { [ "$(on n2 crm_resource -r "$GUEST" --locate --quiet)" = "$1" ]; }
attribute() { n1 attrd_updater --query --name "guardedvm-$GUEST" --all 2>/dev/null; }
attribute_says() { attribute | grep -Eq "$1"; }
