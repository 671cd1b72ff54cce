const BASE64URL = /^[A-Za-z0-9_-]*$/;

/** Unpadded base64url text of the bytes. */
export function toBase64Url(bytes: Buffer): string {
  return bytes.toString('base64url');
}

/** Bytes of strict base64url: no padding, no other alphabet, no unused bits, so that each byte string has one text. */
export function fromBase64Url(text: string): Buffer | undefined {
  if (!BASE64URL.test(text) || text.length % 4 === 1) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return toBase64Url(bytes) === text ? bytes : undefined;
}

/** As {@link fromBase64Url}, but accepts padding and the `+/` alphabet, which some peers still write. */
export function fromAnyBase64(text: string): Buffer | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (padding > 0 && text.length % 4 !== 0) return undefined;
  return fromBase64Url(
    text
      .slice(0, text.length - padding)
      .replaceAll('+', '-')
      .replaceAll('/', '_'),
  );
}
