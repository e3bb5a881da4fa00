// The post-mortem of a drop as the shop writes it (definition "report/1"), and its key figures in words. What the shop
// does not know (a margin without unit costs, a conversion without visits) says why instead of showing a number.
import { money } from '../lib/money';
import { percent } from '../lib/read';
import type { Money } from '../lib/types';

export interface Report {
  definition: string;
  status: string;
  as_of: string;
  maturity: { mature: boolean; detail: string };
  cap: number;
  units_sold: number;
  units_held: number;
  sell_through: number;
  skus_sold: number;
  first_48h: { units: number; skus: number };
  orders: number;
  orders_cancelled: number;
  revenue: Money;
  revenue_net: Money;
  margin: Money | null;
  margin_share: number | null;
  refunded: Money;
  conversion: { value: number | null; per: string; of: number; detail?: string };
  lines: {
    sku: string;
    cap: number;
    sold: number;
    leftover: number;
    sell_through: number;
    sold_out_at: string | null;
  }[];
  holds: { placed: number; expired: number; released: number; confirmed: number };
  refusals: { code: string; times: number }[];
  timeline: { at: string; what: string }[];
  against_plan?: { revenue_at_list_price?: Money };
  /** What stopped the prices; a cascade stops the whole drop and names no line. */
  price_halts?: {
    at: string;
    by: string;
    sku: string | null;
    channel: string | null;
    detail: string;
    resumed_at: string | null;
    why: string;
  }[];
  what_to_change: { what: string; why: string }[];
}

export interface Figure {
  label: string;
  value: string;
  sub: string;
  money?: boolean;
}

const count = (value: number) => value.toLocaleString('en-GB');

export function refused(report: Report): number {
  return report.refusals.reduce((sum, entry) => sum + entry.times, 0);
}

export function conversion_words(report: Report): { value: string; sub: string } {
  const { value, per, of, detail } = report.conversion;
  if (value === null) return { value: '–', sub: detail ?? 'not known' };
  return { value: percent(value, 1), sub: `${count(report.orders)} orders per ${count(of)} ${per}s` };
}

/** The six figures of a post-mortem, each with its base. */
export function figures(report: Report): Figure[] {
  const at_list = report.against_plan?.revenue_at_list_price;
  return [
    {
      label: 'Sold',
      value: count(report.units_sold),
      sub: `of ${count(report.cap)}, ${percent(report.sell_through)}; ${report.skus_sold}/${report.lines.length} lines`,
    },
    {
      label: 'In the first 48 h',
      value: count(report.first_48h.units),
      sub: `units of ${report.first_48h.skus} ${report.first_48h.skus === 1 ? 'line' : 'lines'}`,
    },
    {
      label: 'Revenue',
      value: money(report.revenue),
      sub: `${money(report.revenue_net)} net of tax${at_list ? `; ${money(at_list)} at list prices` : ''}`,
      money: true,
    },
    {
      label: 'Contribution margin',
      value: report.margin ? money(report.margin) : '–',
      sub:
        report.margin_share === null
          ? 'not known: a unit cost is missing'
          : `${percent(report.margin_share, 1)} of net revenue`,
      money: true,
    },
    { label: 'Conversion', ...conversion_words(report) },
    {
      label: 'Refused',
      value: count(refused(report)),
      sub: `asks; ${count(report.holds.expired)} of ${count(report.holds.placed)} holds ran out`,
    },
  ];
}
