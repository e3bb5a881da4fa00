// Money as the shop sends it (minor units of ISO 4217) to words. The number of minor digits is asked of Intl, so that
// JPY (0) and BHD (3) come out right; no float is added up here, only shown.
import type { Money } from './types';

const formats = new Map<string, Intl.NumberFormat>();

function format_of(currency: string): Intl.NumberFormat {
  let found = formats.get(currency);
  if (!found) {
    try {
      found = new Intl.NumberFormat('en-GB', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
    } catch {
      found = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    }
    formats.set(currency, found);
  }
  return found;
}

export function minor_digits(currency: string): number {
  return format_of(currency).resolvedOptions().maximumFractionDigits ?? 2;
}

export function money(value: Money | null | undefined): string {
  if (!value || typeof value.amount !== 'number') return '–';
  return format_of(value.currency).format(value.amount / 10 ** minor_digits(value.currency));
}

/** Without the minor units when they are all zero: for axes and key figures. */
export function money_short(value: Money | null | undefined): string {
  if (!value || typeof value.amount !== 'number') return '–';
  const text = money(value);
  const digits = minor_digits(value.currency);
  return digits > 0 && value.amount % 10 ** digits === 0 ? text.slice(0, -(digits + 1)) : text;
}

/** "34.50" as a person types it to minor units; null when it is not an amount of this currency. */
export function parse_money(text: string, currency: string): Money | null {
  const digits = minor_digits(currency);
  const match = /^\s*[^\d\s-]{0,3}\s*(\d{1,9})(?:[.,](\d{1,3}))?\s*$/.exec(text);
  if (!match) return null;
  const fraction = match[2] ?? '';
  if (fraction.length > digits) return null;
  const amount = Number(match[1]) * 10 ** digits + Number(fraction.padEnd(digits, '0') || '0');
  return { amount, currency };
}

export function is_money(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && typeof (value as Money).amount === 'number';
}
