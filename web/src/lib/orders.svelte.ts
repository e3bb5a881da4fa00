// The orders of this browser, each kept with its secret from the moment that the shop gave it: to be looked at, and
// called off, long after the drop has closed. How an order stands is asked of the shop; only the names of what was
// bought, which the shop tells with its drop, are kept beside it.
import { ask, Problem } from './api';
import { intend } from './intent';
import { Kept } from './kept.svelte';
import { line_words } from './read';
import { shop } from './shop.svelte';
import type { Order, Pickup } from './types';

export interface Bought {
  order: Order;
  /** Id of the drop, its address and title, and what was bought, as they were last known. */
  drop: string;
  slug: string;
  title: string;
  names: Record<string, string>;
  places: Record<string, string>;
  zone?: string;
}

class Orders extends Kept<Bought> {
  /** Orders made since this page was opened: their drop goes on showing them when it closes. */
  fresh = $state<Record<string, boolean>>({});

  constructor() {
    super('dropsmith.orders');
  }

  get list(): Bought[] {
    return Object.values(this.all).sort((a, b) => Number(b.order.number) - Number(a.order.number));
  }

  add(drop: string, order: Order, fresh = true): void {
    if (!order.id) return;
    const known = this.all[order.id];
    if (!known && fresh) this.fresh[order.id] = true;
    const secret = order.secret ?? known?.order.secret;
    this.all[order.id] = { ...this.shown(drop, order), order: { ...known?.order, ...order, secret } };
    this.#name_it(order.id);
    this.keep();
  }

  /** The order with all that is known of it; as it came, when it could not be kept. */
  shown(drop: string, order: Order): Bought {
    return this.all[order.id] ?? { order, drop, slug: '', title: '', names: {}, places: {} };
  }

  /** How one order stands now. No answer changes nothing; one that the shop does not know stays as it was last seen. */
  async look(id: string): Promise<void> {
    const known = this.all[id];
    if (!known?.order.secret) return;
    try {
      const fresh = await ask<Order>(`/v1/orders/${encodeURIComponent(id)}`, { bearer: known.order.secret });
      this.add(known.drop, fresh);
    } catch (trouble) {
      if (!(trouble instanceof Problem)) return;
    }
  }

  async refresh(): Promise<void> {
    for (const id of Object.keys(this.all)) await this.look(id);
  }

  /** Called off by the buyer: everything goes back. */
  async cancel(id: string): Promise<void> {
    const known = this.all[id];
    if (!known?.order.secret) return;
    await this.act('cancel', id, async () => {
      const path = `/v1/orders/${encodeURIComponent(id)}/cancel`;
      const fresh = await intend<Order>(`cancel.${id}`, path, { reason: 'by the buyer' }, {
        bearer: known.order.secret,
        waiting: (n) => (this.waiting = n),
      });
      this.add(known.drop, fresh);
    });
    await this.look(id);
  }

  #name_it(id: string): void {
    const kept = this.all[id];
    const drop = kept ? shop.find(kept.drop) : undefined;
    if (!kept || !drop) return;
    kept.slug = drop.slug;
    kept.title = drop.title;
    kept.zone = drop.timezone;
    for (const line of drop.lines) kept.names[line.sku] = line_words(line);
    for (const place of drop.pickup ?? []) {
      const { id: at, name } = place_words(place);
      if (at) kept.places[at] = name;
    }
  }
}

export function place_words(entry: string | Pickup): { id: string; name: string } {
  if (typeof entry === 'string') return { id: entry, name: entry };
  return { id: entry.place ?? entry.id ?? '', name: entry.name ?? entry.place ?? '' };
}

export const orders = new Orders();
