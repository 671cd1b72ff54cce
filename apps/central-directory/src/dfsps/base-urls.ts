import { outsideBaseUrl, pathBelow } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';

/** Normalises a base URL; no slash at the end. @throws ContractError 422 UnprocessableEntityError */
export function baseUrl(field: string, text: string): string {
  const base = outsideBaseUrl(text);
  if (base !== undefined) return base;
  const message = `${field} must be a plain URL of scheme, host, port and path, nothing of it encoded, no dot after the host`;
  throw commonError(CommonErrorId.UnprocessableEntity, { message });
}

/** Whether two base URLs are equal or nested: then a URL would belong to both. */
export function areNested(one: string, other: string): boolean {
  return pathBelow(new URL(one), other) !== undefined || pathBelow(new URL(other), one) !== undefined;
}

/** Scheme, host and port of base URLs, each once. */
export function originsOf(urls: readonly (string | null)[]): string[] {
  return [...new Set(urls.filter((url) => url !== null).map((url) => new URL(url).origin))];
}
