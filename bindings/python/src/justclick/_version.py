"""The version of this package, and the binary interface that it speaks."""

VERSION = "0.1.0"
ABI_VERSION = 0
