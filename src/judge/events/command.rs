//! Commands that an administrator runs: the program that understands them, and the machine. Nothing
//! here runs one.

/// The key of the Server service's settings, below `HKEY_LOCAL_MACHINE`.
pub(super) const LANMAN_SERVER: &str =
    "SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters";

/// A program that understands a command.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Shell {
    /// PowerShell.
    PowerShell,
    /// The command prompt; PowerShell understands these too.
    CommandPrompt,
    /// A file that the registry editor imports.
    RegistryFile,
    /// A line of a security template, below `[Registry Values]`.
    SecurityTemplate,
}

impl Shell {
    /// Its name in a sentence.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::PowerShell => "PowerShell",
            Self::CommandPrompt => "command prompt",
            Self::RegistryFile => ".reg file",
            Self::SecurityTemplate => "security template",
        }
    }
}

/// A machine on which a command is to be run.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Machine {
    /// On the file server.
    Server,
    /// On the client.
    Client,
}

impl Machine {
    /// Its name in a sentence.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
        }
    }
}

/// Something to copy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Command {
    /// The effect of the command, in one or more sentences.
    pub description: &'static str,
    /// The program that understands it.
    pub shell: Shell,
    /// The machine on which it is to be run, as an administrator.
    pub machine: Machine,
    /// The command itself, one line or several.
    pub text: String,
}
