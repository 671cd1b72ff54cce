/**
 * A time in ISO 8601 as RFC 3339 has it: date, time of day and zone; the colon of the zone may be left out. Other forms
 * (weeks, days of the year, names of zones, no zone) are read differently, or not at all, by other parsers.
 */
const TIMESTAMP =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T(?<hour>\d\d):(?<minute>\d\d)(:(?<second>\d\d)(\.\d{1,9})?)?(Z|[+-](?<zoneHour>\d\d):?(?<zoneMinute>\d\d))$/;
/** Largest distance of a zone from UTC that databases take, in hours. */
const ZONE_HOURS_MAX = 15;

/** Reads a time with a time zone: the only parser of times that others write. Undefined for every other text. */
export function parseTimestamp(text: unknown): Date | undefined {
  const parts = typeof text === 'string' ? TIMESTAMP.exec(text)?.groups : undefined;
  if (!parts) return undefined;
  const part = (name: string): number => Number(parts[name] ?? 0);
  const isInRange =
    isDay(part('year'), part('month'), part('day')) &&
    part('hour') <= 23 &&
    part('minute') <= 59 &&
    part('second') <= 59 &&
    part('zoneHour') <= ZONE_HOURS_MAX &&
    part('zoneMinute') <= 59;
  if (!isInRange) return undefined;
  const time = new Date(text as string);
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9_999 ? time : undefined;
}

/** Whether the calendar has the day. */
function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(2_000 + (year % 400), month, 0)).getUTCDate();
}
