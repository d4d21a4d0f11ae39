/** What Go takes for a time in YAML (go-yaml v3.0.4, `allowedTimestampFormats`, read as leniently as `time.Parse` does). */
const withZone =
  /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[-+]\d{2}:\d{2})$/;
const withoutZone = /^(\d{4})-(\d{1,2})-(\d{1,2}) +(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?$/;
const dateOnly = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(Z|[-+]\d{2}:\d{2})$/;

/**
 * A time as `time.Time.MarshalText` writes it (RFC 3339, as many digits of a second as there are), or undefined where Go
 * takes the text for no time.
 */
export function parseGoTime(text: string): string | undefined {
  return format(withZone.exec(text) ?? withoutZone.exec(text) ?? dateOnly.exec(text));
}

/** RFC 3339 alone, which is what `UnmarshalText` reads. */
export function parseRfc3339(text: string): string | undefined {
  return format(rfc3339.exec(text));
}

function format(parts: RegExpExecArray | null): string | undefined {
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const daysOfMonth = new Date(Date.UTC(year < 100 ? year + 400 : year, month, 0)).getUTCDate();
  const offset = offsetMinutes(parts[8] ?? 'Z');
  const sane =
    month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth && hour < 24 && minute < 60 && second < 60;
  if (!sane || offset === undefined) return undefined;
  const fraction = (parts[7] ?? '').slice(0, 9).replace(/0+$/, '');
  const time = [hour, minute, second].map(two).join(':') + (fraction === '' ? '' : `.${fraction}`);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${time}${zone(offset)}`;
}

/** Go lets an offset be 24 hours and 60 minutes, but writes none of 24 hours or more. */
function offsetMinutes(text: string): number | undefined {
  if (text === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(4, 6));
  const total = hours * 60 + minutes;
  if (hours > 24 || minutes > 60 || total >= 24 * 60) return undefined;
  return text.startsWith('-') ? -total : total;
}

function zone(offset: number): string {
  if (offset === 0) return 'Z';
  const minutes = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
