// Why somebody is asked a price of one's own, in words: the one thing that the rule looked at, and nothing else.
import type { Personal } from './types';

const counted = (n: number, one: string, many: string) => (n === 1 ? `at least one ${one}` : `at least ${n} ${many}`);

const BECAUSE: Record<string, (at_least: number) => string> = {
  orders_before: (n) => `the shop counts ${counted(n, 'earlier order', 'earlier orders')} of yours`,
  returning: () => 'you have been here before',
  cart: (n) => `there is ${counted(n, 'thing', 'things')} in your cart`,
  dwell: (n) => `you have been looking for ${counted(n, 'second', 'seconds')}`,
  browse_depth: (n) => `you have looked at ${counted(n, 'page', 'pages')}`,
  days_since_order: (n) => `your last order is ${counted(n, 'day', 'days')} ago`,
};

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

export function why_personal(personal: Personal): string {
  const because = BECAUSE[personal.feature]?.(personal.at_least) ?? `of ${personal.feature}`;
  return `A rule of this shop gives ${percent(personal.discount)} off, because ${because}.`;
}
