//! Greets the server and proves who asks. Which server it is, is looked at before it learns anything.

use std::sync::Arc;

use mysql_common::constants::CapabilityFlags;
use mysql_common::crypto::rsa::{GetRandom, Pkcs1OaepPadding, PublicKey};
use mysql_common::packets::{
    AuthPlugin, AuthSwitchRequest, HandshakePacket, HandshakeResponse, SslRequest,
};
use mysql_common::proto::MySerialize;
use num_bigint::BigUint;
use rustls::ClientConfig;
use rustls::pki_types::SubjectPublicKeyInfoDer;
use rustls::pki_types::pem::PemObject;
use zeroize::Zeroizing;

use super::address::{Address, Server};
use super::count;
use super::failure::Failed;
use super::link::{LONGEST_PACKET, Link, parsed};
use super::version::Version;
use super::wire::Wire;

const PROTOCOL: u8 = 10;
const UTF8MB4_GENERAL_CI: u8 = 45;

const SWITCH: u8 = 0xFE;
const MORE: u8 = 0x01;
const KEY_REQUEST: u8 = 0x02;
const FAST_DONE: u8 = 0x03;
const PASSWORD_WANTED: u8 = 0x04;

/// Logs in. `tls` is there where the connection must be encrypted.
pub(super) fn login(
    wire: Wire,
    address: &Address,
    tls: Option<Arc<ClientConfig>>,
) -> Result<(Link, Version), Failed> {
    let mut link = Link::new(wire);
    let greeting = link.packet()?;
    let greeting: HandshakePacket<'_> = parsed(&greeting, ())?;
    if greeting.protocol_version() != PROTOCOL {
        return Err(Failed::Strange("its protocol is another"));
    }
    let version = Version::read(&greeting.server_version_str());
    version.check()?;
    link.slot = greeting.connection_id() % count::SLOTS;
    link.capabilities = capabilities(tls.is_some()) & greeting.capabilities();
    if let Some(config) = tls {
        encrypt(&mut link, address, config)?;
    }
    let nonce = greeting.nonce();
    let nonce = nonce.get(..20).unwrap_or(&nonce);
    // Others come by a switch, so that the server says which.
    let plugin = match greeting.auth_plugin() {
        Some(AuthPlugin::CachingSha2Password) => AuthPlugin::CachingSha2Password,
        _ => AuthPlugin::MysqlNativePassword,
    };
    let response = HandshakeResponse::new(
        proof(&plugin, address, nonce)?,
        (8, 0, 0),
        Some(address.user.as_bytes()),
        Some(address.database.as_bytes()),
        Some(plugin.clone()),
        link.capabilities,
        None,
        LONGEST_PACKET as u32,
    );
    link.send(&response)?;
    Login {
        link: &mut link,
        address,
        nonce: nonce.to_vec(),
        plugin: plugin.into_owned(),
    }
    .finish()?;
    link.trust();
    Ok((link, version))
}

/// Found rows are counted, not changed ones. Several statements in one text are not asked for.
fn capabilities(with_tls: bool) -> CapabilityFlags {
    let mut wanted = CapabilityFlags::CLIENT_PROTOCOL_41
        | CapabilityFlags::CLIENT_LONG_PASSWORD
        | CapabilityFlags::CLIENT_SECURE_CONNECTION
        | CapabilityFlags::CLIENT_TRANSACTIONS
        | CapabilityFlags::CLIENT_PLUGIN_AUTH
        | CapabilityFlags::CLIENT_CONNECT_WITH_DB
        | CapabilityFlags::CLIENT_FOUND_ROWS;
    wanted.set(CapabilityFlags::CLIENT_SSL, with_tls);
    wanted
}

fn encrypt(link: &mut Link, address: &Address, config: Arc<ClientConfig>) -> Result<(), Failed> {
    let Server::Tcp { host, .. } = &address.server else {
        return Ok(());
    };
    if !link.capabilities.contains(CapabilityFlags::CLIENT_SSL) {
        return Err(Failed::Refused(
            "the server has no TLS, and leads would cross the network unencrypted: give it a certificate (ssl_cert, ssl_key)".to_owned(),
        ));
    }
    link.send(&SslRequest::new(
        link.capabilities,
        LONGEST_PACKET as u32,
        UTF8MB4_GENERAL_CI,
    ))?;
    link.encrypt(config, host)
}

/// What shows the server that the password is known.
fn proof(
    plugin: &AuthPlugin<'_>,
    address: &Address,
    nonce: &[u8],
) -> Result<Option<Vec<u8>>, Failed> {
    if nonce.len() < 20 {
        return Err(Failed::Strange("its challenge is too short"));
    }
    let data = plugin.gen_data(Some(&address.password), nonce);
    Ok(data.map(|data| {
        let mut bytes = Vec::new();
        data.serialize(&mut bytes);
        bytes
    }))
}

/// The exchange after the user was named.
struct Login<'a> {
    link: &'a mut Link,
    address: &'a Address,
    nonce: Vec<u8>,
    plugin: AuthPlugin<'static>,
}

impl Login<'_> {
    fn finish(&mut self) -> Result<(), Failed> {
        let mut switched = false;
        loop {
            let packet = self.link.packet()?;
            match (packet[0], packet.get(1)) {
                (0, _) => return Ok(()),
                (SWITCH, Some(_)) if !switched => {
                    switched = true;
                    self.switch(&packet)?;
                }
                (MORE, Some(&FAST_DONE)) if self.has_sha2() => {}
                (MORE, Some(&PASSWORD_WANTED)) if self.has_sha2() => self.give_password()?,
                _ => return Err(Failed::Strange("it answers a login otherwise")),
            }
        }
    }

    fn has_sha2(&self) -> bool {
        self.plugin == AuthPlugin::CachingSha2Password
    }

    fn switch(&mut self, packet: &[u8]) -> Result<(), Failed> {
        let request: AuthSwitchRequest<'_> = parsed(packet, ())?;
        let plugin = request.auth_plugin().into_owned();
        match plugin {
            AuthPlugin::MysqlNativePassword | AuthPlugin::CachingSha2Password => {}
            other => {
                let name = String::from_utf8_lossy(other.as_bytes()).into_owned();
                return Err(Failed::Refused(format!(
                    "this user logs in by \"{}\", which this library does not know: give the user caching_sha2_password or mysql_native_password",
                    crate::text::shown(&name)
                )));
            }
        }
        self.nonce = request.plugin_data().to_vec();
        let proof = proof(&plugin, self.address, &self.nonce)?;
        self.plugin = plugin;
        self.link.send(proof.unwrap_or_default().as_slice())
    }

    /// The server does not remember the password's digest and wants the password itself.
    fn give_password(&mut self) -> Result<(), Failed> {
        let mut password = Zeroizing::new(self.address.password.as_bytes().to_vec());
        password.push(0);
        if self.link.is_private() {
            return self.link.send(password.as_slice());
        }
        self.link.send(&[KEY_REQUEST][..])?;
        let answer = self.link.packet()?;
        let key = public_key(answer.get(1..).unwrap_or_default())
            .filter(|_| password.len() <= LONGEST_ENCRYPTED)
            .ok_or_else(|| {
                Failed::Refused(
                    "the password cannot be encrypted for this server: log in by the server's socket, or give it a certificate and add ssl_mode=verify_identity".to_owned(),
                )
            })?;
        for (byte, mask) in password.iter_mut().zip(self.nonce.iter().cycle()) {
            *byte ^= mask;
        }
        let encrypted = key.encrypt_block(password.as_slice(), Pkcs1OaepPadding::new(GetRandom));
        self.link.send(encrypted.as_slice())
    }
}

/// Of a key of 2048 bits, such as the servers make for themselves, the bytes before the modulus and
/// those behind it. Others are refused, since what reads them here would not expect damage.
const BEFORE_MODULUS: [u8; 33] = [
    0x30, 0x82, 0x01, 0x22, 0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01,
    0x01, 0x05, 0x00, 0x03, 0x82, 0x01, 0x0F, 0x00, 0x30, 0x82, 0x01, 0x0A, 0x02, 0x82, 0x01, 0x01,
    0x00,
];
const BEHIND_MODULUS: [u8; 5] = [0x02, 0x03, 0x01, 0x00, 0x01];
/// What OAEP leaves of 256 bytes.
const LONGEST_ENCRYPTED: usize = 256 - 2 * 20 - 2;

fn public_key(pem: &[u8]) -> Option<PublicKey> {
    let der = SubjectPublicKeyInfoDer::from_pem_slice(pem).ok()?;
    let rest = der.as_ref().strip_prefix(&BEFORE_MODULUS)?;
    let modulus = rest.strip_suffix(&BEHIND_MODULUS)?;
    let is_whole = modulus.len() == 256 && modulus[0] >= 0x80 && modulus[255] % 2 == 1;
    is_whole.then(|| PublicKey::new(BigUint::from_bytes_be(modulus), BigUint::from(65_537_u32)))
}
