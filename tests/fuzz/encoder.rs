//! The fuzzer on leads, field by field.

#![no_main]

mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::encoder::run(data));
