//! The page's state, without a browser.

mod learn;
mod own_server;
mod workbench;
