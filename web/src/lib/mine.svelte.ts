// What this visitor holds or has ordered, per drop: kept in localStorage with its secret, so that a reload, a lost
// line or a restarted shop loses nothing. Every change asks the shop; what is kept here is only the way back to it.
import { ask, Problem } from './api';
import { intend, pending } from './intent';
import { Kept } from './kept.svelte';
import { orders } from './orders.svelte';
import { fields_of } from './problems';
import { is_gone } from './read';
import { shopper } from './shopper';
import { turn_of } from './turn';
import type { Checkout, Drop, Fulfilment, Hold, Money, Order } from './types';

export interface Mine {
  drop: string;
  channel: string;
  hold: Hold | null;
  order: Order | null;
  places: string[];
  /** A payment page that was asked for. */
  paying?: Checkout | null;
}

export interface Person {
  email: string;
  name?: string;
}

interface Wish {
  drop: string;
  channel: string;
  lines: { sku: string; units: number; expect_unit_price?: Money; instead_of?: string }[];
  session?: string;
  admission?: string;
  pass?: string;
}

class Holdings extends Kept<Mine> {
  /** What the shop found wrong with what was typed, by drop and by its pointer ("/person/name"). */
  fields = $state<Record<string, Record<string, string>>>({});

  constructor() {
    super('dropsmith.mine');
  }

  restore(): void {
    this.read();
    // An order of before orders were kept by themselves.
    for (const { drop, order } of Object.values(this.all)) if (order?.secret) orders.add(drop, order, false);
    void this.#resume();
  }

  /** Wishes that were under way when the page went: asked for again, with the keys that they had. */
  async #resume(): Promise<void> {
    const hold = pending('hold');
    if (hold) await this.#hold(hold.body as Wish);
    for (const mine of Object.values(this.all)) {
      const confirm = mine.hold && !mine.order ? pending(`confirm.${mine.hold.id}`) : null;
      if (confirm) await this.#confirm(mine.drop, confirm.body);
      const pay = mine.hold && !mine.order ? pending(`pay.${mine.hold.id}`) : null;
      if (pay) await this.#pay(mine.drop, pay.body);
    }
    await this.refresh();
  }

  /** Asks the shop what became of each hold: after a reload, and after the line stood again. */
  async refresh(): Promise<void> {
    for (const mine of Object.values(this.all)) {
      const { hold, order } = mine;
      const settled = order && (!mine.paying || mine.paying.status === 'paid');
      if (!hold?.secret || settled) continue;
      try {
        const fresh = await ask<Hold>(`/v1/holds/${encodeURIComponent(hold.id)}`, { bearer: hold.secret });
        mine.hold = { ...hold, ...fresh, secret: hold.secret };
        if (mine.paying) await this.#ask_about_payment(mine);
        else if (fresh.status === 'released' || fresh.status === 'expired') this.forget(mine.drop);
      } catch (trouble) {
        if (trouble instanceof Problem && trouble.status === 404) this.forget(mine.drop);
      }
    }
    this.keep();
  }

  async reserve(drop: Drop, sku: string, units: number, pass = ''): Promise<void> {
    // The price that the visitor sees goes with the wish: if it has risen meanwhile the shop says so instead.
    const price = drop.lines.find((line) => line.sku === sku)?.price;
    const line = price ? { sku, units, expect_unit_price: price } : { sku, units };
    // Chosen while the line that names it as its substitute is gone: the shop counts that, if it was so.
    const gone = drop.lines.find((other) => other.substitute === sku && is_gone(other));
    const lines = [gone ? { ...line, instead_of: gone.sku } : line];
    const turn = turn_of(drop.slug); // of the waiting room, when there was one
    const early = pass ? { pass } : {};
    await this.#hold({ drop: drop.id, channel: drop.channel ?? 'web', lines, session: shopper(), ...turn, ...early });
  }

  async #hold(wish: Wish): Promise<void> {
    await this.#do('hold', wish.drop, async () => {
      const hold = await intend<Hold>('hold', '/v1/holds', wish, {
        bearer: null,
        waiting: (n) => (this.waiting = n),
      });
      this.all[wish.drop] = { drop: wish.drop, channel: wish.channel, hold, order: null, places: [] };
    });
  }

  /** A hold that the waiting list offered. */
  take(drop: Drop, hold: Hold): void {
    this.all[drop.id] = { drop: drop.id, channel: drop.channel ?? 'web', hold, order: null, places: [] };
    this.keep();
  }

  async confirm(drop: string, person: Person, fulfilment: Fulfilment, method: string): Promise<void> {
    if (method === 'stripe') return this.#pay(drop, { person, fulfilment });
    await this.#confirm(drop, { person, fulfilment, payment: { method } });
  }

  /** A payment page: asked for, waited for, gone to. What became of it is asked when the buyer comes back. */
  async #pay(drop: string, body: unknown): Promise<void> {
    const mine = this.all[drop];
    const hold = mine?.hold;
    if (!mine || !hold?.secret) return;
    await this.#do('pay', drop, async () => {
      const path = `/v1/holds/${encodeURIComponent(hold.id)}/checkout`;
      mine.paying = await intend<Checkout>(`pay.${hold.id}`, path, body, {
        bearer: hold.secret,
        waiting: (n) => (this.waiting = n),
      });
      for (let i = 0; i < 60 && mine.paying?.status === 'asked'; i += 1) {
        await new Promise((done) => setTimeout(done, 400));
        await this.#ask_about_payment(mine);
      }
      this.keep();
      if (mine.paying?.url) location.assign(mine.paying.url);
    });
  }

  /** What the shop says of the payment: nothing here is believed because an address says so. */
  async #ask_about_payment(mine: Mine): Promise<void> {
    if (!mine.hold?.secret) return;
    const path = `/v1/holds/${encodeURIComponent(mine.hold.id)}/checkout`;
    mine.paying = await ask<Checkout>(path, { bearer: mine.hold.secret });
    const { order, order_secret } = mine.paying;
    if (!order) return;
    mine.order = { ...order, secret: order_secret ?? undefined };
    orders.add(mine.drop, mine.order);
  }

  async look(drop: string): Promise<void> {
    const mine = this.all[drop];
    if (!mine?.paying) return;
    try {
      await this.#ask_about_payment(mine);
    } catch {
      /* no answer: asked again in a moment */
    }
    this.keep();
  }

  async #confirm(drop: string, body: unknown): Promise<void> {
    const mine = this.all[drop];
    const hold = mine?.hold;
    if (!mine || !hold?.secret) return;
    await this.#do('confirm', drop, async () => {
      const path = `/v1/holds/${encodeURIComponent(hold.id)}/confirm`;
      mine.order = await intend<Order>(`confirm.${hold.id}`, path, body, {
        bearer: hold.secret,
        waiting: (n) => (this.waiting = n),
      });
      mine.hold = { ...hold, status: 'confirmed' };
      orders.add(drop, mine.order);
    });
  }

  async release(drop: string): Promise<void> {
    const hold = this.all[drop]?.hold;
    if (!hold?.secret) return;
    await this.#do('release', drop, async () => {
      try {
        await ask(`/v1/holds/${encodeURIComponent(hold.id)}`, { method: 'DELETE', bearer: hold.secret });
      } catch (trouble) {
        if (!(trouble instanceof Problem)) throw trouble; // already gone is gone
      }
      this.forget(drop);
    });
  }

  /** Like act(); a hold that has run out meanwhile is forgotten, and what is wrong with a field stands at the field. */
  #do(what: string, drop: string, does: () => Promise<void>): Promise<void> {
    this.fields[drop] = {};
    return this.act(what, drop, does, (trouble) => {
      if (trouble instanceof Problem && trouble.code === 'hold_expired') this.forget(drop);
      this.fields[drop] = fields_of(trouble);
    });
  }
}

export const holdings = new Holdings();
