// The report of a drop, read tolerantly: key figures come as a list or as an object, money or number or share, with or
// without a target and a maturity. A figure that the shop does not give is not shown.
import { is_money, money } from '../lib/money';
import type { Money } from '../lib/types';

type Raw = Record<string, unknown>;

export interface Kpi {
  key: string;
  label: string;
  value: string;
  raw: unknown;
  sub: string;
  mature: boolean | null;
  mature_at: string;
}

export interface Report {
  raw: Raw;
  kpis: Kpi[];
  refusals: [string, number][];
  leftovers: { sku: string; units: number }[];
  verdict: string;
  suggestions: string[];
}

const LABELS: Record<string, string> = {
  units_sold: 'Sold',
  sold: 'Sold',
  sell_through: 'Sell-through',
  revenue: 'Revenue',
  revenue_gross: 'Revenue',
  revenue_net: 'Net revenue',
  margin: 'Contribution margin',
  contribution_margin: 'Contribution margin',
  margin_share: 'Margin share',
  conversion: 'Conversion',
  refused: 'Refused',
  refusals: 'Refused',
  held: 'Held now',
  units_48h: 'Units in first 48 h',
  skus_48h: 'SKUs sold in first 48 h',
  orders: 'Orders',
};

export function words_of(key: string): string {
  const known = LABELS[key];
  if (known) return known;
  const plain = key.replaceAll('_', ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

function is_share(key: string): boolean {
  return /(share|rate|conversion|sell_through|_of_)/.test(key);
}

export function value_words(key: string, value: unknown, unit?: unknown): string {
  if (is_money(value)) return money(value as Money);
  if (typeof value === 'number') {
    if (unit === 'share' || unit === 'ratio' || (is_share(key) && value >= 0 && value <= 1))
      return `${(value * 100).toFixed(1)}\u00a0%`;
    const text = Number.isInteger(value) ? value.toLocaleString('en-GB') : value.toFixed(2);
    return typeof unit === 'string' && unit !== 'units' && unit !== 'count' ? `${text} ${unit}` : text;
  }
  if (typeof value === 'string') return value;
  return '';
}

function kpi_of(key: string, entry: unknown): Kpi | null {
  const raw = (typeof entry === 'object' && entry !== null && !is_money(entry) ? entry : { value: entry }) as Raw;
  const value = value_words(key, raw.value, raw.unit);
  if (value === '') return null;
  const target =
    raw.target !== undefined && raw.target !== null ? `target ${value_words(key, raw.target, raw.unit)}` : '';
  const window = typeof raw.window === 'string' ? raw.window : '';
  const low = raw.low ?? (Array.isArray(raw.interval) ? raw.interval[0] : undefined);
  const high = raw.high ?? (Array.isArray(raw.interval) ? raw.interval[1] : undefined);
  const interval =
    typeof low === 'number' && typeof high === 'number'
      ? `${value_words(key, low, raw.unit)} to ${value_words(key, high, raw.unit)}`
      : '';
  const maturity = raw.mature ?? raw.maturity;
  return {
    key,
    label: typeof raw.label === 'string' ? raw.label : words_of(key),
    value,
    raw: raw.value,
    sub: [interval, target, window].filter((piece) => piece !== '').join('; '),
    mature:
      typeof maturity === 'boolean' ? maturity : maturity === 'mature' ? true : maturity === undefined ? null : false,
    mature_at: typeof raw.mature_at === 'string' ? raw.mature_at : '',
  };
}

export function report_of(raw: Raw): Report {
  const source = raw.kpis ?? raw.figures ?? {};
  const entries: [string, unknown][] = Array.isArray(source)
    ? source.map((entry: Raw) => [String(entry.key ?? entry.name ?? entry.kpi ?? ''), entry])
    : Object.entries(source as Raw);
  const refusals = raw.refusals ?? raw.refused;
  const pairs: [string, number][] = Array.isArray(refusals)
    ? refusals.map((entry: Raw) => [String(entry.code ?? entry.kind ?? ''), Number(entry.count ?? entry.asks ?? 0)])
    : typeof refusals === 'object' && refusals !== null
      ? Object.entries(refusals as Raw).map(([code, count]) => [code, Number(count)])
      : [];
  const leftovers = Array.isArray(raw.leftovers) ? (raw.leftovers as Raw[]) : [];
  const change = raw.what_to_change ?? raw.suggestions;
  return {
    raw,
    kpis: entries.flatMap(([key, entry]) => kpi_of(key, entry) ?? []),
    refusals: pairs.filter(([code, count]) => code !== '' && count > 0).sort((a, b) => b[1] - a[1]),
    leftovers: leftovers.map((entry) => ({
      sku: String(entry.sku ?? ''),
      units: Number(entry.units ?? entry.left ?? 0),
    })),
    verdict: typeof raw.verdict === 'string' ? raw.verdict : '',
    suggestions: Array.isArray(change)
      ? change.map((entry: unknown) =>
          typeof entry === 'string' ? entry : String((entry as Raw).detail ?? (entry as Raw).text ?? ''),
        )
      : [],
  };
}
