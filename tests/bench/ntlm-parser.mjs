// ntlm-parser of npm, as compare.py asks for it.
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';

import { answerRequests, time } from './requests.mjs';

const { ntlmParse } = createRequire(new URL('../tools/', import.meta.url))('ntlm-parser');

let messages;
const isMessage = ({ messageType }) => / \(type [123]\)$/.test(messageType);
const DO = {
  decode: (text) => isMessage(ntlmParse(text)),
  json: (text) => {
    const found = ntlmParse(text);
    return JSON.stringify(found, null, 2).length > 0 && isMessage(found);
  },
};

/** What it says of a message that it cannot read, or does not know; null where it says nothing. */
function remark(text) {
  try {
    const found = ntlmParse(text);
    return isMessage(found) ? null : found.messageType;
  } catch (error) {
    return String(error);
  }
}

/** Whether `text` is understood as the message in base64 is, with or without `-x`. */
function understands(text, message) {
  const expected = ntlmParse(message);
  return ['base64', 'hex'].some((encoding) => {
    try {
      return isDeepStrictEqual(ntlmParse(text, { encoding }), expected);
    } catch {
      return false;
    }
  });
}

await answerRequests((asked) => {
  if (asked.load) {
    // What it throws at would end the run: it is left out, and counted.
    messages = asked.load.filter((text) => remark(text) === null);
    return messages.length;
  } else if (asked.time) return time(asked.seconds, () => messages.filter(DO[asked.time]).length);
  else if (asked.remark) return remark(asked.remark);
  else return understands(asked.understands, asked.message);
});
