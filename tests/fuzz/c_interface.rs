//! The fuzzer on the C interface.

#![no_main]

mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::c_interface::run(data));
