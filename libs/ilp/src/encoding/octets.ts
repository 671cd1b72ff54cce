/**
 * The length prefix of ILP packets (OER) and DER: below 128 one byte, else `0x80|n` and n bytes big endian.
 */
export function lengthPrefix(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

/** Bytes with a length prefix. */
export function lengthPrefixed(bytes: Buffer): Buffer {
  return Buffer.concat([lengthPrefix(bytes.length), bytes]);
}

/** More length bytes than any valid packet needs; keeps lengths safe integers. */
const MAX_LENGTH_BYTES = 4;

/**
 * Reads bytes front to back. Every read is bounds-checked and lengths must be in their minimal form;
 * everything else throws the error that the caller chose.
 */
export class OctetReader {
  private offset = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly fail: (problem: string) => Error,
  ) {}

  /** The next byte. */
  readByte(): number {
    return this.read(1).readUInt8(0);
  }

  /** The next `length` bytes. */
  read(length: number): Buffer {
    if (length > this.bytes.length - this.offset) throw this.fail('it ends too early');
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  /** Reads a length prefix and its bytes. */
  readLengthPrefixed(): Buffer {
    return this.read(this.readLength());
  }

  /** @throws the caller's error if bytes are left. */
  end(): void {
    if (this.offset < this.bytes.length) throw this.fail('it is longer than it says');
  }

  private readLength(): number {
    const first = this.readByte();
    if (first < 0x80) return first;
    const size = first & 0x7f;
    // 0x80 alone is the indefinite form of BER, which neither format has.
    if (size === 0 || size > MAX_LENGTH_BYTES) throw this.fail('a length is not of the right form');
    const length = this.read(size).readUIntBE(0, size);
    if (length < 0x80 || length < 256 ** (size - 1)) throw this.fail('a length is not minimal');
    return length;
  }
}
