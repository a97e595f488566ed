#!/bin/sh
# install.sh: the terminals that the tests drive, from Debian packages, a Debian 13 beside this
# system, and npm. What cannot be had is said here, and again by name when the tests have run.
set -u
here=$(dirname "$0")

# A command, and the package that brings it.
wanted="kitty:kitty xterm:xterm foot:foot tmux:tmux weston:weston chromium:chromium
    Xvfb:xvfb xdotool:xdotool import:imagemagick debootstrap:debootstrap node:nodejs npm:npm
    unshare:util-linux"
missing=
for pair in $wanted; do
    command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair##*:}"
done
if [ -n "$missing" ]; then
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq update || true
        for package in $missing fonts-dejavu-core libgl1-mesa-dri libegl1 libgl1; do
            # One at a time: what cannot be had must not keep the others away.
            apt-get -qq install -y --no-install-recommends "$package" >/dev/null 2>&1 ||
                echo "install.sh: no package $package"
        done
    else
        echo "install.sh: not installed, and only root of a Debian can change that:$missing"
    fi
fi

cache=${XDG_CACHE_HOME:-$HOME/.cache}/tui-label-tests
sh "$here/trixie.sh" "${TUI_LABEL_TRIXIE:-$cache/trixie}" ||
    echo "install.sh: no newer terminals from Debian 13"

cd "$here/xtermjs" || exit
if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
    npm ci --silent || echo "install.sh: no xterm.js"
fi
