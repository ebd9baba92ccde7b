// Makes NTLM messages with any text in their fields, as [MS-NLMP] 2.2 lays them out. Nothing in them is computed: no
// response fits a password.
const UNICODE = 0x1;
const OEM = 0x2;
const TARGET_INFO = 0x80_0000;
const DOMAIN_SUPPLIED = 0x1000;
const WORKSTATION_SUPPLIED = 0x2000;

/** The AV pairs that hold text, by their names. */
export const TEXT_PAIRS = {
  MsvAvNbComputerName: 1,
  MsvAvNbDomainName: 2,
  MsvAvDnsComputerName: 3,
  MsvAvDnsDomainName: 4,
  MsvAvDnsTreeName: 5,
  MsvAvTargetName: 9,
};

const number = (value, bytes) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
};
const wide = (text) => Buffer.from(text, 'utf16le');

/** A message: signature, type, what `parts` says, and behind it the payload of those parts that are in it. */
function message(type, parts) {
  const head = Buffer.concat([Buffer.from('NTLMSSP\0', 'latin1'), number(type, 4)]);
  let offset = head.length + parts.reduce((length, { payload, fixed }) => length + (payload ? 8 : fixed.length), 0);
  const fields = parts.map(({ payload, fixed }) => {
    if (!payload) return fixed;
    const field = Buffer.concat([number(payload.length, 2), number(payload.length, 2), number(offset, 4)]);
    offset += payload.length;
    return field;
  });
  return Buffer.concat([head, ...fields, ...parts.flatMap(({ payload }) => payload ?? [])]);
}

const pairs = (texts) =>
  Buffer.concat([
    ...Object.entries(texts).map(([name, text]) => {
      const value = wide(text);
      return Buffer.concat([number(TEXT_PAIRS[name], 2), number(value.length, 2), value]);
    }),
    Buffer.alloc(4),
  ]);

/** A NEGOTIATE; both names are in the OEM's letters. */
export const negotiate = ({ domain, workstation }) =>
  message(1, [
    { fixed: number(OEM | DOMAIN_SUPPLIED | WORKSTATION_SUPPLIED, 4) },
    { payload: Buffer.from(domain, 'latin1') },
    { payload: Buffer.from(workstation, 'latin1') },
  ]);

/** A CHALLENGE with these AV pairs, by name. */
export const challenge = ({ target, texts }) =>
  message(2, [
    { payload: wide(target) },
    { fixed: number(UNICODE | TARGET_INFO, 4) },
    { fixed: Buffer.alloc(16, 1) }, // the server's number, and eight reserved bytes
    { payload: pairs(texts) },
  ]);

/** An AUTHENTICATE with an NTLMv2 response and these AV pairs, by name. */
export const authenticate = ({ domain, user, workstation, texts }) =>
  message(3, [
    { payload: Buffer.alloc(24) },
    { payload: Buffer.concat([Buffer.alloc(16, 2), Buffer.from([1, 1]), Buffer.alloc(26, 0), pairs(texts), Buffer.alloc(4)]) },
    { payload: wide(domain) },
    { payload: wide(user) },
    { payload: wide(workstation) },
    { payload: Buffer.alloc(0) },
    { fixed: number(UNICODE | TARGET_INFO, 4) },
  ]);
