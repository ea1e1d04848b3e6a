#!/bin/sh
# Builds the image where no registry is reachable: its base is put together out of Debian's packages, of the same release,
# with Debian's Python where the official image has its own. It STANDS IN for that; everything else is the Dockerfile's.
# Likewise a PostgreSQL with the variables of the official image.
#
#   tests/containers/images.sh WORK      root; mmdebstrap, buildah; CERTIFICATES as for make image
set -eu
cd "$(dirname "$0")/../.."
work=$1
release=bookworm
mkdir -p "$work"
cat > "$work/build.conf" <<END
[storage]
driver = "overlay"
graphroot = "$work/storage"
runroot = "$work/building"
END
export CONTAINERS_STORAGE_CONF="$work/build.conf"

# An image out of a folder: NAME FOLDER, and how it starts.
commit() {
    name=$1 folder=$2
    shift 2
    container=$(buildah from scratch)
    buildah add -q "$container" "$folder" / > /dev/null
    buildah config "$@" "$container"
    buildah commit -q "$container" "localhost/$name" > /dev/null
    buildah rm "$container" > /dev/null
}

if ! buildah images -q localhost/python-stand-in > /dev/null 2>&1; then
    base=$work/base
    rm -rf "$base"
    mmdebstrap --quiet --variant=minbase --include=ca-certificates,netbase,tzdata,python3.11,python3.11-venv "$release" "$base"
    # The official image has Python below /usr/local, and no package of it.
    mkdir -p "$base/usr/local/lib/python3.11/site-packages" "$base/wheels"
    cp -a "$base/usr/bin/python3.11" "$base/usr/local/bin/"
    cp -a "$base/usr/lib/python3.11/." "$base/usr/local/lib/python3.11/"
    cp -aL "$base/usr/share/python-wheels/." "$base/wheels/"
    rm -f "$base/usr/local/lib/python3.11/EXTERNALLY-MANAGED" "$base/usr/local/lib/python3.11/sitecustomize.py"
    ln -s python3.11 "$base/usr/local/bin/python3"
    ln -s python3 "$base/usr/local/bin/python"
    # shellcheck disable=SC2016
    needed=$(chroot "$base" sh -c 'ldd /usr/local/bin/python3.11 /usr/local/lib/python3.11/lib-dynload/*.so' | awk '$2 == "=>" { print $3 }' | sort -u |
        while read -r library; do chroot "$base" dpkg -S "$library" "/usr$library" 2> /dev/null || true; done | cut -d: -f1 | sort -u)
    # shellcheck disable=SC2086
    chroot "$base" apt-mark -qq manual $needed ca-certificates netbase tzdata > /dev/null
    chroot "$base" apt-get -qq purge -y --autoremove 'python3*' 'libpython3*' > /dev/null 2>&1
    mkdir -p "$base/usr/share/python-wheels"
    cp -a "$base/wheels/." "$base/usr/share/python-wheels/"
    rm -rf "$base/wheels"
    chroot "$base" /usr/local/bin/python3 -c 'import bz2, ctypes, lzma, readline, sqlite3, ssl'
    commit python-stand-in "$base" --env PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin --cmd python3
    rm -rf "$base"
fi

if ! buildah images -q localhost/postgresql-stand-in > /dev/null 2>&1; then
    base=$work/postgresql
    rm -rf "$base"
    mmdebstrap --quiet --variant=minbase --include=postgresql-15 "$release" "$base"
    mkdir -p "$base/var/lib/postgresql/data"
    install -m 0755 tests/containers/postgresql.sh "$base/usr/local/bin/start"
    commit postgresql-stand-in "$base" --entrypoint '["/usr/local/bin/start"]' --cmd '' \
        --env PATH=/usr/lib/postgresql/15/bin:/usr/sbin:/usr/bin:/sbin:/bin --env LANG=C.UTF-8
    rm -rf "$base"
fi

sed 's#^FROM python:[^ ]*#FROM localhost/python-stand-in#' Dockerfile > "$work/Dockerfile"
buildah build --isolation chroot --network host ${CERTIFICATES:+--secret "id=certificates,src=$CERTIFICATES"} \
    --ignorefile .dockerignore -t localhost/schulticket -f "$work/Dockerfile" .
