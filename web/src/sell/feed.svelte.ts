// What happens in the shop, newest first: holds, orders, prices and changes of state, in words, as the stream says
// them.
import { is_money, money } from '../lib/money';
import { cause, guardrail_words, step_of } from '../lib/read';
import { stream } from '../lib/stream.svelte';
import type { StreamEvent } from '../lib/types';

export interface Item {
  n: number;
  at: number;
  drop: string;
  shape: 'dot' | 'ring' | 'diamond' | 'pause' | 'cross';
  head: string;
  tail: string;
  more: string;
}

const KEPT = 60;

function lines_words(data: Record<string, unknown>): string {
  const lines = data.lines;
  if (!Array.isArray(lines)) return typeof data.sku === 'string' ? data.sku : '';
  return lines
    .map((line: { sku?: string; units?: number }) =>
      (line.units ?? 1) > 1 ? `${line.units} × ${line.sku}` : `${line.sku ?? ''}`,
    )
    .join(', ');
}

function words({ event, data }: StreamEvent): Omit<Item, 'n' | 'at' | 'drop'> | null {
  const status = String(data.status ?? '');
  const total = is_money(data.total) ? money(data.total) : '';
  if (event === 'hold') {
    const heads: Record<string, string> = {
      held: 'Hold',
      expired: 'Hold ran out',
      released: 'Hold let go',
      confirmed: 'Hold confirmed',
    };
    if (status === 'confirmed') return null; // its order says it
    return {
      shape: status === 'held' || status === '' ? 'ring' : 'cross',
      head: heads[status] ?? 'Hold',
      tail: lines_words(data),
      more: [total, typeof data.channel === 'string' ? `on ${data.channel}` : ''].filter(Boolean).join(' '),
    };
  }
  if (event === 'order') {
    return {
      shape: 'dot',
      head: `Order ${data.number ?? ''} ${status.replaceAll('_', ' ')}`.replaceAll(/\s+/g, ' ').trim(),
      tail: lines_words(data),
      more: total,
    };
  }
  if (event === 'decision') {
    const step = step_of(data);
    return {
      shape: 'diamond',
      head: `${step.sku} ${money(step.price)}`,
      tail: step.kind === 'override' ? 'by override' : '',
      more: step.bound.length > 0 ? `bound by ${step.bound.map(guardrail_words).join(', ')}` : cause(step),
    };
  }
  if (event === 'status') {
    return { shape: status === 'paused' ? 'pause' : 'diamond', head: `Drop is ${status}`, tail: '', more: '' };
  }
  return null;
}

class Feed {
  items = $state<Item[]>([]);
  #n = 0;

  constructor() {
    stream.on((event) => {
      const said = words(event);
      if (!said) return;
      this.#n += 1;
      const at = Date.parse(String(event.data.at ?? event.data.server_time ?? ''));
      this.items = [
        { n: this.#n, at, drop: String(event.data.drop ?? ''), ...said },
        ...this.items.slice(0, KEPT - 1),
      ];
    });
  }
}

export const feed = new Feed();
