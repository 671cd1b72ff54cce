/** Half of a surrogate pair, which a cut may leave. */
const LONE_END = /[\ud800-\udbff]$/;

/** The beginning of a text, without half a character at its end: databases and clients refuse that. */
export function cutText(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).replace(LONE_END, '');
}
