//! Sign-ins made up, edited and relayed.

mod edit;
mod made_up;
mod relay;
