// What people have asked of prices and what waits for a second one: overrides, undoings of the kill switch, and the
// rules that say when two are needed. Of all drops; read again when a decision is told, and now and then anyway.
import { ask } from '../lib/api';
import { stream } from '../lib/stream.svelte';
import type { Money } from '../lib/types';

export interface AskedOverride {
  id: string;
  drop: string;
  sku: string;
  channel: string;
  price: Money;
  until: string;
  reason: string;
  costs: Money;
  who: string;
}
export interface AskedUndo {
  drop: string;
  slug: string;
  reason: string;
  who: string;
  asked_at: string;
}
export interface Rules {
  brands: { brand: string; exposure_max: number }[];
  four_eyes_above: number | null;
  personal: { jurisdiction: string; disclosure: string }[];
  approval_free_change: number | null;
  four_eyes_undo_kill: boolean;
}

const AGAIN_MS = 15_000;

class Hands {
  overrides = $state<AskedOverride[]>([]);
  undos = $state<AskedUndo[]>([]);
  rules = $state<Rules | null>(null);
  #reading = 0; // the latest reading; an answer to one before it is old news and is left aside

  async read(): Promise<void> {
    const mine = (this.#reading += 1);
    try {
      const told = await ask<{ data: AskedOverride[]; kill_undos?: AskedUndo[] }>('/v1/overrides');
      if (mine !== this.#reading) return;
      this.overrides = told.data;
      this.undos = told.kill_undos ?? [];
    } catch {
      /* asked again in a moment; a role that may not see them sees none */
    }
  }

  async read_rules(): Promise<void> {
    try {
      this.rules = await ask<Rules>('/v1/price-rules');
    } catch {
      /* a role that may not see them is told by the shop what it asks of it */
    }
  }

  /** From now on as fresh as it gets; the answer ends it. */
  watch(): () => void {
    void this.read();
    void this.read_rules();
    const timer = setInterval(() => void this.read(), AGAIN_MS);
    const stop = stream.on((event) => event.event === 'decision' && void this.read());
    return () => {
      clearInterval(timer);
      stop();
    };
  }
}

export const hands = new Hands();
