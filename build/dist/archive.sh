#!/bin/sh
# Makes of cargo's static library one that has what programs can link alone: `archive.sh MACHINE ARCHIVE
# BUILT` with the shared library in BUILT, whose functions it has. All else is left out or kept local, so that
# a program may link an SQLite of its own.
set -eu

machine=$1 archive=$2 built=$3
# Debian's names; on a machine of its own kind they exist as well.
tool=$machine-linux-gnu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$tool-nm" --dynamic --defined-only --format=posix "$built/libjustclick.so" | cut -d ' ' -f 1 >"$work/names"
sed 's/^/--undefined=/' "$work/names" >"$work/undefined"
"$tool-ld" --relocatable --gc-sections "@$work/undefined" -o "$work/all.o" "$archive"
# Of what LLVM notes for itself, other versions of it make an error.
"$tool-objcopy" --strip-debug --remove-section=.comment --remove-section=.llvm_addrsig \
	--remove-section=.llvmbc --remove-section=.llvmcmd --keep-global-symbols="$work/names" \
	"$work/all.o" "$work/justclick.o"
rm -f "$built/libjustclick.a"
"$tool-ar" rcsD "$built/libjustclick.a" "$work/justclick.o"
