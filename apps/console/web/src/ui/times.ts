/** A time for people, in the time zone of the browser. */
export const formatTime = (iso: string): string =>
  [formatPart(iso, { dateStyle: 'medium' }), formatPart(iso, { timeStyle: 'medium', hourCycle: 'h23' })].join(' ');

/** A narrow column breaks it between day and time only. */
const formatPart = (iso: string, style: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(undefined, style).format(new Date(iso)).replaceAll(/\s/g, '\u00A0');

/** The time zone of all times of a page: that of the browser. */
export const timeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Time of day with milliseconds. */
export const formatClock = (iso: string): string =>
  new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  }).format(new Date(iso));

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** `75` as `1 min`. */
export function formatAge(seconds: number): string {
  if (seconds < MINUTE_S) return `${Math.round(seconds)} s`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min`;
  if (seconds < DAY_S) return `${Math.floor(seconds / HOUR_S)} h`;
  return `${Math.floor(seconds / DAY_S)} d`;
}

/** Time of a field `datetime-local`, in the time zone of the browser, as ISO 8601; undefined for an empty field. */
export const isoOfLocal = (local: string): string | undefined =>
  local === '' ? undefined : new Date(local).toISOString();

/** The other way round, to the minute; undefined for none. */
export function localOfIso(iso: string | undefined): string | undefined {
  if (iso === undefined) return undefined;
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_S * 1_000).toISOString().slice(0, 16);
}
