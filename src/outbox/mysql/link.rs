//! A connection: statements and their answers, in MySQL's protocol.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mysql_common::constants::{CapabilityFlags, Command};
use mysql_common::io::ParseBuf;
use mysql_common::packets::{
    Column, ComStmtClose, ComStmtExecuteRequestBuilder, CommonOkPacket, ErrPacket, OkPacket,
    OkPacketDeserializer, StmtPacket,
};
use mysql_common::proto::sync_framed::MySyncFramed;
use mysql_common::proto::{Binary, MyDeserialize, MySerialize, Text};
use mysql_common::row::RowDeserializer;
use mysql_common::value::{ServerSide, Value};
use rustls::ClientConfig;

use super::failure::Failed;
use super::wire::Wire;

/// The longest that a close may take: its few bytes find room at once, unless the server hangs.
const FAREWELL: Duration = Duration::from_millis(50);
/// What another protocol sends would be taken for the length of a packet.
const LONGEST_GREETING: usize = 64 * 1024;
/// More than the longest row: a query of 1 MiB, and the service's text.
pub(super) const LONGEST_PACKET: usize = 16 * 1024 * 1024;
const OK: u8 = 0x00;
const ERROR: u8 = 0xFF;
const END: u8 = 0xFE;
const LOCAL_FILE: u8 = 0xFB;

/// A connection that is logged in.
pub(super) struct Link {
    frames: MySyncFramed<Wire>,
    pub(super) capabilities: CapabilityFlags,
    /// Why the server cannot keep leads through a loss of power.
    pub(super) broken_promise: Option<String>,
    /// Which of the counters' rows it changes.
    pub(super) slot: u32,
    statements: HashMap<&'static str, Statement>,
    is_whole: bool,
}

#[derive(Debug, Clone, Copy)]
struct Statement {
    id: u32,
    parameters: usize,
}

/// What a statement came to.
#[derive(Debug, Default)]
pub(super) struct Reply {
    pub(super) rows: Vec<Row>,
    /// How many rows it found to change, insert or delete.
    pub(super) affected: u64,
    pub(super) last_id: i64,
}

/// The values of a row.
#[derive(Debug)]
pub(super) struct Row(Vec<Value>);

impl Link {
    pub(super) fn new(wire: Wire) -> Link {
        let mut frames = MySyncFramed::new(wire);
        frames.codec_mut().max_allowed_packet = LONGEST_GREETING;
        Link {
            frames,
            capabilities: CapabilityFlags::empty(),
            broken_promise: None,
            slot: 0,
            statements: HashMap::new(),
            is_whole: true,
        }
    }

    pub(super) fn set_deadline(&mut self, until: Instant) {
        self.frames.get_mut().set_deadline(until);
    }

    /// From here on, it is known to whom it leads.
    pub(super) fn trust(&mut self) {
        self.frames.codec_mut().max_allowed_packet = LONGEST_PACKET;
    }

    /// Encrypts what follows. What came before it is read by then: nobody may slip in an answer.
    pub(super) fn encrypt(&mut self, config: Arc<ClientConfig>, host: &str) -> Result<(), Failed> {
        self.frames.get_mut().encrypt(config, host)
    }

    pub(super) fn is_private(&self) -> bool {
        self.frames.get_ref().is_private()
    }

    /// Whether it can be used again, as far as can be seen from here.
    pub(super) fn is_open(&self) -> bool {
        self.is_whole && self.frames.get_ref().is_open()
    }

    /// A statement of this program with its values. It is prepared once.
    pub(super) fn run(&mut self, sql: &'static str, values: &[Value]) -> Result<Reply, Failed> {
        let statement = match self.statements.get(sql) {
            Some(statement) => *statement,
            None => {
                let prepared = self.guarded(|link| link.prepare(sql))?;
                self.statements.insert(sql, prepared);
                prepared
            }
        };
        self.guarded(|link| link.execute(statement, values))
    }

    /// As [`run`](Link::run), of a text that differs from call to call.
    pub(super) fn run_once(&mut self, sql: &str, values: &[Value]) -> Result<Reply, Failed> {
        self.guarded(|link| {
            let statement = link.prepare(sql)?;
            let reply = link.execute(statement, values);
            link.command(&ComStmtClose::new(statement.id))?;
            reply
        })
    }

    /// A statement without values, whose answer's values are texts.
    pub(super) fn plain(&mut self, sql: &str) -> Result<Reply, Failed> {
        self.guarded(|link| {
            link.text_command(Command::COM_QUERY, sql)?;
            link.reply::<RowDeserializer<(), Text>>()
        })
    }

    /// A failure in the middle of an answer leaves the connection unfit for others.
    fn guarded<T>(
        &mut self,
        action: impl FnOnce(&mut Link) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let done = action(self);
        if done.as_ref().is_err_and(Failed::ends_connection) {
            self.is_whole = false;
        }
        done
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, Failed> {
        self.text_command(Command::COM_STMT_PREPARE, sql)?;
        let packet = self.packet()?;
        let found: StmtPacket = parsed(&packet, ())?;
        for described in [found.num_params(), found.num_columns()] {
            self.skip_descriptions(described.into())?;
        }
        Ok(Statement {
            id: found.statement_id(),
            parameters: found.num_params().into(),
        })
    }

    fn execute(&mut self, statement: Statement, values: &[Value]) -> Result<Reply, Failed> {
        if statement.parameters != values.len() {
            return Err(Failed::Strange("it counts a statement's values otherwise"));
        }
        let (request, is_long) = ComStmtExecuteRequestBuilder::new(statement.id).build(values);
        if is_long {
            return Err(Failed::TooLarge(
                "the lead is too long for a packet".to_owned(),
            ));
        }
        self.command(&request)?;
        self.reply::<RowDeserializer<ServerSide, Binary>>()
    }

    fn reply<'a, R>(&mut self) -> Result<Reply, Failed>
    where
        R: for<'de> MyDeserialize<'de, Ctx = Arc<[Column]>> + Into<mysql_common::Row>,
    {
        let packet = self.packet()?;
        match packet.first() {
            Some(&OK) => self.done(&packet),
            Some(&LOCAL_FILE) | None => Err(Failed::Strange("it asks for a file")),
            // Nothing here has more columns than a byte can count.
            Some(&count) => {
                let columns = self.columns(count.into())?;
                Ok(Reply {
                    rows: self.rows::<R>(&columns)?,
                    ..Reply::default()
                })
            }
        }
    }

    fn done(&mut self, packet: &[u8]) -> Result<Reply, Failed> {
        let ok: OkPacket<'_> =
            parsed::<OkPacketDeserializer<'_, CommonOkPacket>>(packet, self.capabilities)?
                .into_inner();
        Ok(Reply {
            rows: Vec::new(),
            affected: ok.affected_rows(),
            last_id: i64::try_from(ok.last_insert_id().unwrap_or_default()).unwrap_or_default(),
        })
    }

    fn columns(&mut self, count: usize) -> Result<Arc<[Column]>, Failed> {
        let mut columns = Vec::with_capacity(count);
        for _ in 0..count {
            columns.push(parsed(&self.packet()?, ())?);
        }
        self.expect_end()?;
        Ok(columns.into())
    }

    fn rows<R>(&mut self, columns: &Arc<[Column]>) -> Result<Vec<Row>, Failed>
    where
        R: for<'de> MyDeserialize<'de, Ctx = Arc<[Column]>> + Into<mysql_common::Row>,
    {
        let mut rows = Vec::new();
        loop {
            let packet = self.packet()?;
            if is_end(&packet) {
                return Ok(rows);
            }
            let row: R = parsed(&packet, Arc::clone(columns))?;
            let values = row.into().unwrap_raw().into_iter();
            rows.push(Row(values
                .map(|value| value.unwrap_or(Value::NULL))
                .collect()));
        }
    }

    fn skip_descriptions(&mut self, count: usize) -> Result<(), Failed> {
        if count == 0 {
            return Ok(());
        }
        for _ in 0..count {
            self.packet()?;
        }
        self.expect_end()
    }

    fn expect_end(&mut self) -> Result<(), Failed> {
        if is_end(&self.packet()?) {
            return Ok(());
        }
        Err(Failed::Strange("a list does not end"))
    }

    fn text_command(&mut self, command: Command, text: &str) -> Result<(), Failed> {
        self.command([&[command as u8], text.as_bytes()].concat().as_slice())
    }

    /// Begins a new exchange.
    fn command(&mut self, body: &(impl MySerialize + ?Sized)) -> Result<(), Failed> {
        self.frames.codec_mut().reset_seq_id();
        self.send(body)
    }

    /// Goes on in the exchange that was begun.
    pub(super) fn send(&mut self, body: &(impl MySerialize + ?Sized)) -> Result<(), Failed> {
        let mut packet = Vec::new();
        body.serialize(&mut packet);
        Ok(self.frames.send(&mut packet.as_slice())?)
    }

    /// The next packet, which is never empty.
    pub(super) fn packet(&mut self) -> Result<Vec<u8>, Failed> {
        let mut packet = Vec::new();
        if !self.frames.next_packet(&mut packet)? {
            return Err(Failed::Lost("the server closed it".to_owned()));
        }
        match packet.first() {
            None => Err(Failed::Strange("a packet is empty")),
            Some(&ERROR) => match parsed::<ErrPacket<'_>>(&packet, self.capabilities)? {
                ErrPacket::Error(error) => Err(Failed::Sql(error.error_code())),
                ErrPacket::Progress(_) => Err(Failed::Strange("it reports unasked")),
            },
            Some(_) => Ok(packet),
        }
    }
}

impl Drop for Link {
    /// Says good-bye, so that the server does not count an aborted connection. Never waits for it.
    fn drop(&mut self) {
        if self.is_whole {
            self.set_deadline(Instant::now() + FAREWELL);
            let _ = self.command(&[Command::COM_QUIT as u8][..]);
        }
    }
}

impl Reply {
    /// The first row, where a statement gives one at least.
    pub(super) fn first(self) -> Result<Row, Failed> {
        (self.rows.into_iter().next()).ok_or(Failed::Strange("a row is missing"))
    }

    pub(super) fn any(self) -> Option<Row> {
        self.rows.into_iter().next()
    }
}

impl Row {
    pub(super) fn is_null(&self, column: usize) -> bool {
        matches!(self.0.get(column), None | Some(Value::NULL))
    }

    pub(super) fn int(&self, column: usize) -> Result<i64, Failed> {
        let found = match self.0.get(column) {
            Some(Value::Int(number)) => Some(*number),
            Some(Value::UInt(number)) => i64::try_from(*number).ok(),
            Some(Value::Bytes(digits)) => std::str::from_utf8(digits)
                .ok()
                .and_then(|digits| digits.parse().ok()),
            _ => None,
        };
        found.ok_or(Failed::Strange("a number is missing in a row"))
    }

    /// A number that is not negative.
    pub(super) fn count<T: TryFrom<i64>>(&self, column: usize) -> Result<T, Failed> {
        T::try_from(self.int(column)?).map_err(|_| Failed::Strange("a count is out of range"))
    }

    pub(super) fn text(&self, column: usize) -> Result<String, Failed> {
        match self.0.get(column) {
            Some(Value::Bytes(bytes)) => {
                String::from_utf8(bytes.clone()).map_err(|_| Failed::Strange("a text is not UTF-8"))
            }
            _ => Err(Failed::Strange("a text is missing in a row")),
        }
    }
}

pub(super) fn parsed<'a, T: MyDeserialize<'a>>(
    packet: &'a [u8],
    context: T::Ctx,
) -> Result<T, Failed> {
    (ParseBuf(packet).parse(context)).map_err(|_| Failed::Strange("a packet cannot be read"))
}

/// A row that begins so is longer than any packet.
fn is_end(packet: &[u8]) -> bool {
    packet.first() == Some(&END) && packet.len() < 9
}
