#!/usr/bin/env bash
# Unpacks a real Asterisk 22 for the tests, without root and without installing anything: Debian's packages of it and of
# the libraries it needs, from the mirror that this machine's own apt uses, into a directory of its own. No maintainer
# script runs; the tests start the binary through the loader that is unpacked with it.
#
# Prints the directory; at once where it is there already. Where none can be had: exit 1, the reason alone on the last line of stderr, and the same line
# in DIRECTORY.missing, which the names of the skipped tests quote.
set -euo pipefail

# Debian 14 is the one with Asterisk 22, the release with long-term support.
suite=forky
release=22
cache=${XDG_CACHE_HOME:-$HOME/.cache}/gruppnummer
tree=$cache/asterisk-$release

mkdir -p "$cache"
work=

refuse() {
  echo "$1" >"$tree.missing"
  echo "$1" >&2
  exit 1
}

finish() {
  [ -z "$work" ] || rm -rf "$work"
}

# It is renamed into place when it is whole, so what is there is whole.
have() {
  [ -x "$tree/usr/sbin/asterisk" ]
}

answer() {
  rm -f "$tree.missing"
  echo "$tree"
  exit 0
}

have && answer
[ "$(uname -s)" = Linux ] || refuse 'not Linux'
for program in apt-get dpkg dpkg-deb flock tar timeout xargs; do
  command -v "$program" >/dev/null || refuse "no $program here"
done
# Whatever hangs, hangs for so long, in seconds.
limit=300
if [ -z "${ASTERISK_BOUNDED:-}" ]; then
  status=0
  ASTERISK_BOUNDED=1 timeout --kill-after=5 "$limit" "$BASH" "$0" || status=$?
  [ "$status" -lt 124 ] || refuse "it took more than $limit s"
  exit "$status"
fi

architecture=$(dpkg --print-architecture)
case $architecture in
  amd64 | arm64) ;;
  *) refuse "no Asterisk is tried on $architecture" ;;
esac

# Who comes second waits, and finds it done. The system lets go of the lock when this process ends in whatever way.
exec 9>"$tree.lock"
flock --timeout 280 9 || refuse 'another run has been unpacking it for too long'
have && answer

mirror() {
  apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' 'Created-By: Packages' 2>/dev/null |
    awk '$2 == "Debian" && $3 == "Debian" { print $1; exit }'
}

# What a machine that never asked its mirror for lists has in its sources.
mirror_in_sources() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2>/dev/null |
    sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]+) .*/\2/p' |
    grep -E '/debian/?$' | head -1
}

address=$(mirror || true)
[ -n "$address" ] || address=$(mirror_in_sources || true)
[ -n "$address" ] || refuse "no Debian archive in apt's sources"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ -r "$keys" ] || refuse "no $keys here"

# Left by a run that was killed; nobody else is in here.
rm -rf "$cache"/.asterisk-*
work=$(mktemp -d "$cache/.asterisk-XXXXXX")
trap finish EXIT

# An apt of our own: an empty system, one source, its own lists.
mkdir -p "$work"/{lists/partial,archives/partial,etc/apt.conf.d,etc/preferences.d,tree}
: >"$work/status"
echo "deb [arch=$architecture signed-by=$keys] $address $suite main" >"$work/sources.list"
cat >"$work/apt.conf" <<CONF
Dir::State "$work";
Dir::State::lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work";
Dir::Cache::archives "$work/archives";
Dir::Etc "$work/etc";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "/dev/null";
APT::Architecture "$architecture";
APT::Architectures { "$architecture"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Debug::NoLocking "true";
CONF
own_apt() {
  apt-get -c "$work/apt.conf" -qq "$@" 2>>"$work/apt.log"
}

own_apt update || refuse "apt-get could not read $suite from Debian's mirror (no network?)"
own_apt install -y --print-uris asterisk >"$work/uris" || refuse "Debian's mirror has no Asterisk in $suite"
version=$(sed -nE "s/^'[^']*' asterisk_([^_]*)_.*/\1/p" "$work/uris" | sed 's/%3a/:/')
case $version in
  "1:$release."*) ;;
  *) refuse "Debian's $suite has Asterisk ${version:-of no version}, expected $release" ;;
esac

# Needed by maintainer scripts and by a shell, not by the program.
needless='adduser|apt|bash|coreutils.*|dash|debconf|debian-archive-keyring|diffutils|dpkg|e2fsprogs|findutils|freetds-common|grep'
needless+='|gzip|hostname|init-system-helpers|login.*|mawk|media-types|mount|ncurses-.*|openssl-provider-legacy|passwd'
needless+='|(lib)?perl.*|(lib)?python3.*|sed|sqv|sysvinit-utils|tar|tzdata|util-linux|bsdutils|asterisk-core-sounds-.*|asterisk-moh-.*'
sed -nE "s/^'[^']*' ([^_]+)_.*/\1/p" "$work/uris" | grep -vxE "$needless" >"$work/packages"

# The signed index holds their hashes, and apt-get checks them.
(cd "$work/archives" && xargs -a "$work/packages" apt-get -c ../apt.conf -qq download 2>>../apt.log) ||
  refuse "Debian's packages of Asterisk did not all arrive"

# Merged /usr first, as Debian has it, so that a package with paths in /lib lands in /usr/lib.
for directory in bin lib lib64 sbin; do
  mkdir -p "$work/tree/usr/$directory"
  ln -s "usr/$directory" "$work/tree/$directory"
done
printf '%s\0' "$work"/archives/*.deb |
  xargs -0 -P2 -I{} bash -o pipefail -c 'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink --no-same-owner \
    --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale --exclude=./var --exclude=./etc' unpack {} "$work/tree" ||
  refuse 'Asterisk could not be unpacked (is the disk full?)'

rm -rf "$tree"
mv "$work/tree" "$tree"
answer
