//! Values that the library would not write, in each column of each table.

use std::path::Path;

use rusqlite::Connection;

const INTEGERS: [&str; 5] = [
    "-9223372036854775808",
    "-1",
    "0",
    "1000000000000000",
    "9223372036854775807",
];
const TEXTS: [&str; 4] = [
    "''",
    "cast(x'ff00fe' as text)",
    "printf('%.200000c', 'x')",
    "'a=%zz&&=' || char(0)",
];

/// The statements that change one column each. Where a column tells rows apart, one row is changed.
pub fn statements(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).expect("opens");
    let mut columns = connection
        .prepare(
            "select tables.name, columns.name, columns.type
             from pragma_table_list as tables, pragma_table_info(tables.name) as columns
             where tables.name like 'justclick%' order by 1, 2",
        )
        .expect("the columns");
    let columns = columns.query_map([], |row| {
        let (table, column): (String, String) = (row.get(0)?, row.get(1)?);
        let kind: String = row.get(2)?;
        let values: &[&str] = if kind == "TEXT" { &TEXTS } else { &INTEGERS };
        let one = format!(" where id = (select max(id) from {table})");
        // The tables with one row each have no such number.
        let chosen = if column == "id" || column == "key" {
            one
        } else {
            String::new()
        };
        let statement = |value: &&str| format!("update {table} set {column} = {value}{chosen}");
        Ok(values.iter().map(statement).collect::<Vec<_>>())
    });
    let columns = columns.expect("the columns");
    columns
        .flat_map(|statements| statements.expect("a column"))
        .collect()
}

/// Makes the change, unless the table's own rules refuse it.
pub fn change(path: &Path, statement: &str) {
    let connection = Connection::open(path).expect("opens");
    if let Err(error) = connection.execute(statement, []) {
        let code = error.sqlite_error_code();
        let refused = Some(rusqlite::ErrorCode::ConstraintViolation);
        assert_eq!(code, refused, "{statement}: {error}");
    }
}
