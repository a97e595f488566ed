#!/bin/sh
# enter.sh ROOT COMMAND...: COMMAND in another Debian, with this machine's devices, processes
# and /tmp (where X servers have their sockets). The mounts are this process's own and go when
# it ends.
set -eu
exec unshare --mount sh -euc '
    root=$1
    shift
    for shared in /dev /dev/pts /proc /tmp; do
        mount --bind "$shared" "$root$shared"
    done
    exec chroot "$root" "$@"
' sh "$@"
