//! What the outbox costs: keeping a lead beside a bare fsync, a bare insert and PHP's PDO on the same disk,
//! by one process and by many; delivering; the status and a run at a million rows. Prints a table and writes
//! it into `benches/README.md`. The files are in the folder `TMPDIR`.

#[path = "../../tests/c_programs/mod.rs"]
#[allow(dead_code)]
mod c_programs;
mod delivering;
mod keeping;
mod leads;
mod many;
mod processes;
#[path = "../add_lead/relay.rs"]
#[allow(dead_code)]
mod relay;
#[path = "../../examples/sandbox/mod.rs"]
#[allow(dead_code)]
mod sandbox;
mod table;

use justclick::outbox::engine::Durability;
use table::Table;

/// Each with its name as a setting.
const DURABILITIES: [(&str, Durability); 2] =
    [("power", Durability::Power), ("crash", Durability::Crash)];

fn main() {
    // A copy of this program is one of several processes that add, or one that delivers.
    if processes::is_one() {
        return processes::add();
    }
    if many::is_deliverer() {
        return many::deliver();
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut table = Table::default();
    for (name, durability) in DURABILITIES {
        keeping::side_by_side(folder.path(), name, durability, &mut table);
        processes::side_by_side(folder.path(), name, &mut table);
    }
    keeping::by_scripts(folder.path(), &mut table);
    keeping::open_add_close(folder.path(), &mut table);
    delivering::measure(folder.path(), &mut table);
    many::measure(folder.path(), &mut table);
    table.write("Written by `make bench`: outbox.");
}
