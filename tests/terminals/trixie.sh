#!/bin/sh
# trixie.sh FOLDER: a Debian 13 with newer terminals than Debian 12 has, beside this system.
#
# From the mirror that this machine's own apt uses. Takes root, debootstrap and about a minute;
# what is there already is left alone.
set -eu
folder=$1
packages=kitty,foot,tmux,fonts-dejavu-core,libgl1-mesa-dri,libegl1,libgl1,ncurses-term

[ ! -e "$folder" ] || exit 0
[ "$(id -u)" = 0 ] || { echo "trixie.sh: only root can make it" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "trixie.sh: debootstrap is not installed" >&2; exit 1; }

mirror=$(apt-get indextargets --format '$(REPO_URI)' \
    'Origin: Debian' 'Label: Debian' 'Component: main' | sed -n 1p)
[ -n "$mirror" ] || { echo "trixie.sh: apt knows no Debian mirror here" >&2; exit 1; }
# debootstrap does not read apt's settings.
eval "$(apt-config shell proxy Acquire::http::Proxy)"
[ -z "${proxy:-}" ] || export http_proxy="$proxy"

# What was broken off is begun anew, under a name that nobody else uses.
begun=$folder.begun
rm -rf "$begun"
mkdir -p "$begun"
debootstrap --variant=minbase --include="$packages" trixie "$begun" "$mirror" \
    >"$folder.log" 2>&1 || { tail -5 "$folder.log" >&2; exit 1; }
rm -rf "$begun"/var/cache/apt/archives/*.deb
mv "$begun" "$folder"
