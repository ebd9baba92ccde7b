"""Real messages, broken on purpose: each in one way that makes it contradict [MS-NLMP]."""

SIGNATURE = b"NTLMSSP\0"
# Where the length, the room and the place of each payload field stand, by type; which of them are text.
POINTERS = {1: (16, 24), 2: (12, 40), 3: (12, 20, 28, 36, 44, 52)}
TEXTS = {1: (), 2: (12,), 3: (28, 36, 44)}
HEADERS = {1: 32, 2: 48, 3: 64}
FLAGS = {1: 12, 2: 20, 3: 60}
UNICODE, OEM = 1, 2
MSV_AV_EOL, MSV_AV_FLAGS, MSV_AV_TIMESTAMP = 0, 6, 7
MIC_IS_THERE = 2


def number(message, at, size=2):
    return int.from_bytes(message[at:at + size], "little")


def put(message, at, value, size=2):
    return message[:at] + value.to_bytes(size, "little") + message[at + size:]


def kind(message):
    return number(message, 8, 4)


def flags(message):
    return number(message, FLAGS[kind(message)], 4)


def filled(message, among=POINTERS):
    """The pointers to fields that are not empty, in the order of the fields."""
    found = [at for at in among[kind(message)] if at + 8 <= len(message) and number(message, at)]
    return sorted(found, key=lambda at: number(message, at + 4, 4))


def pairs(message):
    """Where the AV pairs begin, as (place, id, length)."""
    if kind(message) == 2:
        start, end = number(message, 44, 4), number(message, 44, 4) + number(message, 40)
    elif kind(message) == 3 and number(message, 20) > 44:
        # Behind NTProofStr and what stands before the pairs in the client's challenge.
        start, end = number(message, 24, 4) + 44, number(message, 24, 4) + number(message, 20)
    else:
        return []
    found = []
    while start + 4 <= min(end, len(message)):
        found.append((start, number(message, start), number(message, start + 2)))
        if found[-1][1] == MSV_AV_EOL:
            break
        start += 4 + found[-1][2]
    return found


def pair(message, av_id):
    return next((found for found in pairs(message) if found[1] == av_id), None)


def mic(message):
    """Where the MIC stands, in a message that announces one."""
    announced = kind(message) == 3 and pair(message, MSV_AV_FLAGS)
    return 72 if announced and number(message, announced[0] + 4, 4) & MIC_IS_THERE else None


# --- Ways to break a message. Each returns nothing where it cannot. ---


def cut_in_the_header(message):
    # Not in its middle: a NEGOTIATE of 16 bytes is what old clients send.
    return message[:HEADERS[kind(message)] * 5 // 8]


def cut_in_the_payload(message):
    last = filled(message)[-1:]
    return message[:number(message, last[0] + 4, 4) + 1] if last else None


def ends_with_its_last_field(message):
    last = filled(message)[-1:]
    return bool(last) and number(message, last[0] + 4, 4) + number(message, last[0]) == len(message)


def cut_by_one_byte(message):
    return message[:-1] if ends_with_its_last_field(message) else None


def signature(message):
    return b"NTLMSSQ\0" + message[8:]


def message_type(message):
    return put(message, 8, 4, 4)


def length_beyond_the_end(message):
    for at in filled(message)[:1]:
        return put(put(message, at, len(message)), at + 2, len(message))


def last_length_beyond_the_end(message):
    if ends_with_its_last_field(message):
        at = filled(message)[-1]
        length = number(message, at) + 2
        return put(put(message, at, length), at + 2, length)


def offset_beyond_the_end(message):
    for at in filled(message)[:1]:
        return put(message, at + 4, len(message) + 64, 4)


def offset_with_its_highest_bit(message):
    for at in filled(message)[:1]:
        return put(message, at + 4, number(message, at + 4, 4) | 1 << 31, 4)


def offset_into_the_header(message):
    for at in filled(message)[:1]:
        return put(message, at + 4, 8, 4)


def fields_overlap(message):
    found = filled(message)
    # The second begins where the first does.
    return put(message, found[1] + 4, number(message, found[0] + 4, 4), 4) if len(found) > 1 else None


def room_less_than_length(message):
    for at in filled(message)[:1]:
        return put(message, at + 2, 0)


def odd_length_of_text(message):
    for at in filled(message, TEXTS):
        if flags(message) & UNICODE:
            return put(put(message, at, number(message, at) - 1), at + 2, number(message, at) - 1)


def half_a_character(message):
    for at in filled(message, TEXTS):
        if flags(message) & UNICODE:
            return put(message, number(message, at + 4, 4), 0xD800)


def no_character_set(message):
    return put(message, FLAGS[kind(message)], flags(message) & ~(UNICODE | OEM), 4)


def bytes_behind_the_end(message):
    return message + b"\xAA" * 12


def pair_beyond_its_list(message):
    for at, _, _ in pairs(message)[:1]:
        return put(message, at + 2, 0x4000)


def list_without_its_end(message):
    end = pair(message, MSV_AV_EOL)
    return put(message, end[0], 9) if end else None


def pair_twice(message):
    found = pairs(message)
    return put(message, found[1][0], found[0][1]) if len(found) > 2 else None


def timestamp_too_short(message):
    time = pair(message, MSV_AV_TIMESTAMP)
    # What is left of it reads as a pair, an empty one.
    return put(put(message, time[0] + 2, 4), time[0] + 8, 9, 4) if time else None


def response_too_short(message):
    long = kind(message) == 3 and number(message, 20) > 44
    return put(put(message, 20, 30), 22, 30) if long else None


def mic_of_zeros(message):
    at = mic(message)
    return message[:at] + bytes(16) + message[at + 16:] if at else None


def mic_not_announced(message):
    at = mic(message) and pair(message, MSV_AV_FLAGS)[0] + 4
    return put(message, at, number(message, at, 4) & ~MIC_IS_THERE, 4) if at else None


WAYS = [
    cut_in_the_header, cut_in_the_payload, cut_by_one_byte, signature, message_type, length_beyond_the_end,
    last_length_beyond_the_end, offset_beyond_the_end, offset_with_its_highest_bit, offset_into_the_header, fields_overlap,
    room_less_than_length, odd_length_of_text, half_a_character, no_character_set, bytes_behind_the_end, pair_beyond_its_list,
    list_without_its_end, pair_twice, timestamp_too_short, response_too_short, mic_of_zeros, mic_not_announced,
]


def broken(messages):
    """The way, the message and the same broken, for each way that each message can be broken in."""
    for way in WAYS:
        for message in messages:
            changed = way(message)
            if changed not in (None, message):
                yield way.__name__, message, changed
