# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a node finds on its disks when it is made: configuration of its own and
# nothing of what the machine itself may hold of libvirt's or a cluster's state.

LAB_TOKEN_MS=${LAB_TOKEN_MS:-3000}

# files_make ROOT DISK NODE
files_make() {
    local root=$1 disk=$2 node=$3
    files_forget "$root"
    files_identity "$root" "$node"
    files_storage "$disk"
    files_libvirt "$root"
    files_corosync "$root"
    files_pacemaker "$root"
}

files_forget() {
    local root=$1 dir
    for dir in etc/corosync etc/libvirt/qemu etc/libvirt/hooks var/lib/corosync \
        var/lib/pacemaker/{cib,pengine,cores,blackbox} var/lib/pcsd; do
        [ ! -d "$root/$dir" ] || find "$root/$dir" -mindepth 1 -delete
    done
    mkdir -p "$root"/etc/libvirt/qemu/networks/autostart "$root"/etc/corosync
}

files_identity() {
    local root=$1 node=$2 other
    echo "$node" >"$root/etc/hostname"
    uuidgen | tr -d - >"$root/etc/machine-id"
    # A name service beyond the file costs 40 s for each look-up here.
    sed -i 's/^hosts:.*/hosts: files/' "$root/etc/nsswitch.conf"
    {
        echo "127.0.0.1 localhost"
        for other in $LAB_NODES; do echo "10.77.0.${other#n} $other"; done
    } >"$root/etc/hosts"
}

files_storage() {
    local disk=$1
    mkdir -p "$disk"/{local,libvirt,guardedvm,log}
    chmod 0700 "$disk/guardedvm"
    chmod 0777 "$disk/local"
    install -d -m 711 "$disk"/libvirt/{boot,images}
    install -d -o libvirt-qemu -g libvirt-qemu -m 750 "$disk/libvirt/qemu"
    install -d -o hacluster -g haclient -m 770 "$disk/log/pacemaker"
    mkdir -p "$disk"/log/{libvirt/qemu,corosync,cluster}
}

files_libvirt() {
    local root=$1
    cat >"$root/etc/libvirt/libvirtd.conf" <<END
host_uuid = "$(uuidgen)"
auth_unix_ro = "none"
auth_unix_rw = "none"
listen_tls = 0
listen_tcp = 1
auth_tcp = "none"
log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
END
    # QEMU's user and file ownership stay Debian's: libvirt-qemu, dynamic.
    cat >"$root/etc/libvirt/qemu.conf" <<END
security_driver = "none"
END
    cat >"$root/etc/libvirt/qemu/networks/lab.xml" <<END
<network>
  <name>lab</name>
  <uuid>$(uuidgen)</uuid>
  <forward mode='bridge'/>
  <bridge name='lab0'/>
</network>
END
    ln -s ../lab.xml "$root/etc/libvirt/qemu/networks/autostart/lab.xml"
}

files_corosync() {
    local root=$1 node
    {
        cat <<END
totem {
    version: 2
    cluster_name: lab
    transport: udpu
    crypto_cipher: none
    crypto_hash: none
    token: $LAB_TOKEN_MS
}
logging {
    to_stderr: no
    to_syslog: no
    to_logfile: yes
    logfile: /var/log/corosync/corosync.log
    timestamp: hires
}
quorum {
    provider: corosync_votequorum
END
        # Two nodes: the survivor keeps quorum, and may also start alone.
        [ "$(wc -w <<<"$LAB_NODES")" != 2 ] || printf '    two_node: 1\n    wait_for_all: 0\n'
        echo "}"
        echo "nodelist {"
        for node in $LAB_NODES; do
            printf '    node {\n        ring0_addr: 10.77.0.%s\n' "${node#n}"
            printf '        name: %s\n        nodeid: %s\n    }\n' "$node" "${node#n}"
        done
        echo "}"
    } >"$root/etc/corosync/corosync.conf"
}

# Options that would else take a transition each are in the first CIB already.
files_pacemaker() {
    local root=$1 cib=$1/var/lib/pacemaker/cib/cib.xml
    install -m 755 "$LAB_HOME/fence_lab" "$root/usr/sbin/fence_lab"
    sed "s/@NODES@/$LAB_NODES/" "$LAB_HOME/cib.xml" >"$cib"
    chown hacluster:haclient "$cib"
    chmod 600 "$cib"
}
