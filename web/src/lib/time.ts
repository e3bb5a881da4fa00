// Instants to words, in the drop's own zone. Countdowns say days, hours, minutes and seconds with fixed width.

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

export function countdown(ms: number): string {
  const left = Math.max(0, Math.ceil(ms / SECOND));
  const days = Math.floor(left / 86400);
  const hours = Math.floor((left % 86400) / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  const seconds = left % 60;
  const two = (value: number) => String(value).padStart(2, '0');
  if (days > 0) return `${days} d ${two(hours)}:${two(minutes)}:${two(seconds)}`;
  if (hours > 0) return `${hours}:${two(minutes)}:${two(seconds)}`;
  return `${minutes}:${two(seconds)}`;
}

/** How long in plain words, for a sentence: "about 3 h", "2 d", "45 s". */
export function rough(ms: number): string {
  if (ms < 90 * SECOND) return `${Math.max(0, Math.round(ms / SECOND))} s`;
  if (ms < 90 * 60 * SECOND) return `${Math.round(ms / 60 / SECOND)} min`;
  if (ms < 2 * DAY) return `${Math.round(ms / HOUR)} h`;
  return `${Math.round(ms / DAY)} d`;
}

function format(zone: string | undefined, options: Intl.DateTimeFormatOptions, at: number): string {
  if (!Number.isFinite(at)) return '–';
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone ?? 'UTC' }).format(at);
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format(at);
  }
}

/** "Sun 6 Dec, 12:00" */
export function day_and_time(at: number, zone?: string): string {
  return format(zone, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }, at);
}

/** "Sunday 12:00" */
export function weekday_time(at: number, zone?: string): string {
  return format(zone, { weekday: 'long', hour: '2-digit', minute: '2-digit' }, at);
}

export function clock_time(at: number, zone?: string): string {
  return format(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }, at);
}

export function short_time(at: number, zone?: string): string {
  return format(zone, { hour: '2-digit', minute: '2-digit' }, at);
}

export function weekday_clock(at: number, zone?: string): string {
  return format(zone, { weekday: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' }, at);
}

/** "London" of "Europe/London": the reader's way to see whose noon it is. */
export function zone_city(zone?: string): string {
  if (!zone) return 'UTC';
  return (zone.split('/').pop() ?? zone).replaceAll('_', ' ');
}
