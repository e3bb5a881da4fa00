// What this visitor waits for, per drop: a place on the waiting list, kept in localStorage with its secret. Whether it
// is their turn is asked of the shop while the page is open; what is offered is a hold already, and taking it only
// hands that hold over.
import { ask, Problem } from './api';
import { intend, pending } from './intent';
import { Kept } from './kept.svelte';
import { holdings } from './mine.svelte';
import { shopper } from './shopper';
import { turn_of } from './turn';
import type { Drop, Hold, Wait } from './types';

const OVER = ['bought', 'left'];

interface Wish {
  channel: string;
  session: string;
  lines: { sku: string; units: number }[];
  person?: { email: string };
  preorder?: boolean;
  admission?: string;
}

class Waits extends Kept<Wait> {
  constructor() {
    super('dropsmith.waits');
  }

  restore(): void {
    this.read();
    void this.#resume();
  }

  /** A wish whose answer was lost when the page went: asked for again with the key that it had. */
  async #resume(): Promise<void> {
    const wish = pending('wait');
    const drop = wish ? /^\/v1\/drops\/([^/]+)\/waiting$/.exec(wish.path)?.[1] : undefined;
    if (wish && drop) await this.#join(decodeURIComponent(drop), wish.body as Wish);
    await this.refresh();
  }

  /** `ahead`: ordered before it has arrived, at the price of today or less. `email`: where the shop may write. */
  async join(drop: Drop, lines: Wish['lines'], ahead = false, email = ''): Promise<void> {
    const turn = turn_of(drop.slug); // of the waiting room, while it runs
    const person = email && { person: { email } };
    const wish = { channel: drop.channel ?? 'web', lines, session: shopper(), ...turn, ...person };
    await this.#join(drop.id, ahead ? { ...wish, preorder: true } : wish);
  }

  async #join(drop: string, wish: Wish): Promise<void> {
    await this.act('join', drop, async () => {
      const path = `/v1/drops/${encodeURIComponent(drop)}/waiting`;
      this.all[drop] = await intend<Wait>('wait', path, wish, {
        bearer: null,
        waiting: (n) => (this.waiting = n),
      });
      await this.#look(drop);
    });
  }

  /** Where each wish stands. No answer changes nothing: it is asked again in a moment. */
  async refresh(): Promise<void> {
    for (const drop of Object.keys(this.all)) {
      try {
        await this.#look(drop);
      } catch (trouble) {
        if (trouble instanceof Problem && trouble.status === 404) this.forget(drop);
      }
    }
    this.keep();
  }

  async #look(drop: string): Promise<void> {
    const known = this.all[drop];
    if (!known?.secret) return;
    const fresh = await ask<Wait>(`/v1/waiting/${encodeURIComponent(known.id)}`, { bearer: known.secret });
    if (OVER.includes(fresh.status)) this.forget(drop);
    else this.all[drop] = { ...known, ...fresh, secret: known.secret };
  }

  /** A wish from a letter's link: shown under its drop from now on, when it is still alive. */
  async adopt(id: string, secret: string): Promise<Wait & { drop: string }> {
    const wish = await ask<Wait & { drop: string }>(`/v1/waiting/${encodeURIComponent(id)}`, { bearer: secret });
    if (wish.status === 'offered' || wish.status === 'waiting') {
      this.all[wish.drop] = { ...wish, secret };
      this.keep();
    }
    return wish;
  }

  async take(drop: Drop): Promise<void> {
    const mine = this.all[drop.id];
    if (!mine?.secret) return;
    await this.act('take', drop.id, async () => {
      const path = `/v1/waiting/${encodeURIComponent(mine.id)}/accept`;
      const hold = await ask<Hold>(path, { method: 'POST', bearer: mine.secret });
      holdings.take(drop, hold);
      this.forget(drop.id);
    });
  }

  async leave(drop: string): Promise<void> {
    const mine = this.all[drop];
    if (!mine?.secret) return;
    await this.act('leave', drop, async () => {
      try {
        await ask(`/v1/waiting/${encodeURIComponent(mine.id)}`, { method: 'DELETE', bearer: mine.secret });
      } catch (trouble) {
        if (!(trouble instanceof Problem)) throw trouble; // left already is left
      }
      this.forget(drop);
    });
  }
}

export const waits = new Waits();
