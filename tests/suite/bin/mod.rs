//! The program, from outside.

mod audit_command;
mod command_line;
mod recognised;
