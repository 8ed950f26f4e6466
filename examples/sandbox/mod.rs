//! A local stand-in of the service, which shares nothing with the client.

pub mod php_form;
