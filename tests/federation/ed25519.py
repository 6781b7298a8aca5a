"""Ed25519 (RFC 8032) in plain Python: signing, and verifying as OpenSSL does. For tests alone: it is slow, and leaks its keys to a stopwatch."""
import functools
import hashlib

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, PRIME) % PRIME
NEUTRAL = (0, 1, 1, 0)  # extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * D % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(number, point):
    out = NEUTRAL
    while number:
        if number & 1:
            out = add(out, point)
        point, number = add(point, point), number >> 1
    return out


def point_of(text):
    """None when the bytes are no point, or not the one spelling of it."""
    number = int.from_bytes(text, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(text) != 32 or y >= PRIME:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    return (PRIME - x if x & 1 != sign else x), y, 1, (PRIME - x if x & 1 != sign else x) * y % PRIME


def bytes_of(point):
    inverse = pow(point[2], -1, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point_of((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))


@functools.cache
def powers():
    """2^i times the base point: signing adds half of them and doubles none."""
    out = [BASE]
    for _ in range(255):
        out.append(add(out[-1], out[-1]))
    return out


def times_base(number):
    out, table = NEUTRAL, powers()
    for i in range(256):
        if number >> i & 1:
            out = add(out, table[i])
    return out


def sha512(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


@functools.cache
def secrets_of(seed):
    """The scalar, the prefix and the public key of 32 bytes of seed."""
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return scalar, digest[32:], bytes_of(times_base(scalar % ORDER))


def public_key(seed):
    return secrets_of(seed)[2]


def sign(seed, message):
    scalar, prefix, public = secrets_of(seed)
    number = sha512(prefix, message) % ORDER
    point = bytes_of(times_base(number))
    return point + ((number + sha512(point, public, message) * scalar) % ORDER).to_bytes(32, "little")


def is_signed(public, message, signature):
    point, number = point_of(public), int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or number >= ORDER:
        return False
    minus = (PRIME - point[0], point[1], 1, PRIME - point[3])
    digest = sha512(signature[:32], public, message) % ORDER
    return bytes_of(add(times_base(number), times(digest, minus))) == signature[:32]
