/** Path below which the console is reached, without a slash at its end: the path of its PUBLIC_URL. Empty outside a page. */
export const BASE_PATH = (
  globalThis.document?.querySelector<HTMLMetaElement>('meta[name="base-path"]')?.content ?? ''
).replace(/\/+$/, '');

/** Whole address of a path of the console, to be given to others. */
export const addressOf = (path: string): string => `${location.origin}${BASE_PATH}${path}`;
