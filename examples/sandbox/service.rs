//! The accounts and their books: which account a request is for, and the signed answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::Account;
use super::contacts::{Contact, Contacts};
use super::functions::{Answer, Function, Refusal, refusal};
use super::signature::{authentic_form, signed_json};

/// Signs what the service says about a login it does not know: with a secret nobody has.
const FOREIGN_SECRET: &str = "the secret of nobody's account";

pub struct Service {
    accounts: Vec<Books>,
}

/// An account with its contacts.
struct Books {
    /// The switches put another in its place.
    account: RwLock<Arc<Account>>,
    contacts: Mutex<Contacts>,
}

/// What the service says to one request.
pub struct Verdict {
    /// The account's login, where there is such an account.
    pub username: Option<String>,
    pub code: u16,
    pub text: String,
    /// The answer's body; `None` for an account that never answers.
    pub json: Option<String>,
}

impl Service {
    pub fn new(accounts: Vec<Account>) -> Service {
        let accounts = accounts.into_iter().map(|account| Books {
            account: RwLock::new(Arc::new(account)),
            contacts: Mutex::default(),
        });
        Service {
            accounts: accounts.collect(),
        }
    }

    /// Judges a form for the account of this login, or for the first, and carries it out.
    pub fn judge(&self, login: Option<&str>, function: &Function, body: &[u8]) -> Verdict {
        let books = self.books(login);
        let books = books.as_ref().map(|(books, account)| (*books, &**account));
        let judged = match books {
            None => Err(refusal(5, "Invalid user name")),
            Some((books, account)) => books.answer(account, function, body),
        };
        let account = books.map(|(_, account)| account);
        let secret = account.map_or(FOREIGN_SECRET, |account| &account.secret);
        let is_silent = account.is_some_and(|account| account.silent);
        let json = (!is_silent).then(|| signed_json(&judged, secret));
        let (code, text) =
            judged.map_or_else(|refusal| refusal, |answer| (0, answer.text.to_owned()));
        Verdict {
            username: account.map(|account| account.username.clone()),
            code,
            text,
            json,
        }
    }

    /// Every contact, account by account.
    pub fn contacts(&self) -> Vec<Contact> {
        let accounts = self.accounts.iter();
        accounts
            .flat_map(|books| books.contacts().all().to_vec())
            .collect()
    }

    /// Forgets every contact.
    pub fn clear(&self) {
        for books in &self.accounts {
            *books.contacts() = Contacts::default();
        }
    }

    /// The accounts as they are now.
    pub fn accounts(&self) -> Vec<Arc<Account>> {
        self.accounts.iter().map(Books::account).collect()
    }

    /// Changes the account of this login, from the next request on.
    pub fn change(&self, username: &str, change: impl FnOnce(&mut Account)) {
        let is_it = |books: &&Books| books.account().username == username;
        if let Some(books) = self.accounts.iter().find(is_it) {
            let mut account = (books.account.write()).unwrap_or_else(PoisonError::into_inner);
            change(Arc::make_mut(&mut account));
        }
    }

    /// A login that is a host's label arrives in any case.
    fn books(&self, login: Option<&str>) -> Option<(&Books, Arc<Account>)> {
        let mut all = self.accounts.iter().map(|books| (books, books.account()));
        match login {
            None => all.next(),
            Some(login) => all.find(|(_, account)| account.username.eq_ignore_ascii_case(login)),
        }
    }
}

impl Books {
    fn answer(
        &self,
        account: &Account,
        function: &Function,
        body: &[u8],
    ) -> Result<Answer, Refusal> {
        if account.disabled {
            return Err(refusal(7, "Account disabled"));
        }
        let form = authentic_form(account, function, body)?;
        (function.answer)(account, &mut self.contacts(), &form)
    }

    fn account(&self) -> Arc<Account> {
        let account = self.account.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&account)
    }

    fn contacts(&self) -> MutexGuard<'_, Contacts> {
        self.contacts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
