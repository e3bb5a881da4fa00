// The drops as this page knows them: read whole, then kept live by the stream. An event changes what it names at once
// and asks for a fresh reading soon after, so that a missed or unknown event heals by itself.
import { ask, Problem } from './api';
import { clock } from './clock.svelte';
import { is_money } from './money';
import { plain_words } from './problems';
import { shopper } from './shopper';
import { stream } from './stream.svelte';
import type { Available, Demo, Drop, DropStatus, StreamEvent } from './types';

const FRESH_AFTER_EVENT_MS = 1500;
const FRESH_ANYWAY_MS = 15_000;
const OVERDUE_MS = 1500;

class Shop {
  drops = $state<Drop[]>([]);
  demo = $state<Demo | null>(null);
  loaded = $state(false);
  trouble = $state('');
  /** Line keys (`drop sku`) whose price or stock has just changed, for a short flash. */
  changed = $state<Record<string, number>>({});
  #soon: ReturnType<typeof setTimeout> | undefined;
  #loading: Promise<void> | null = null;

  start(): void {
    stream.on((event) => this.#apply(event));
    stream.on_open(() => void this.load());
    void this.load_demo();
    void this.load();
    setInterval(() => void this.load(), FRESH_ANYWAY_MS);
    setInterval(() => this.#overdue() && void this.load(), OVERDUE_MS);
  }

  /** A drop should have opened or closed by now, and we have not heard of it. */
  #overdue(): boolean {
    return this.drops.some(
      (drop) =>
        (drop.status === 'scheduled' && clock.now > Date.parse(drop.opens_at)) ||
        (drop.status === 'open' && clock.now > Date.parse(drop.closes_at)),
    );
  }

  find(id_or_slug: string | undefined): Drop | undefined {
    return this.drops.find((drop) => drop.id === id_or_slug || drop.slug === id_or_slug);
  }

  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    return this.#loading;
  }

  /** A reading that begins now: after an act of one's own, what it changed is in it. */
  async fresh(): Promise<void> {
    await this.#loading;
    await this.load();
  }

  async load_demo(): Promise<void> {
    try {
      const demo = await ask<Demo>('/v1/demo', { bearer: null });
      if (demo.simulated) {
        this.demo = demo;
        clock.set_speed(demo.speed);
      }
    } catch (trouble) {
      // 404: a real shop. No answer: ask again once the line stands.
      if (!(trouble instanceof Problem)) setTimeout(() => void this.load_demo(), 3000);
    }
  }

  async #load(): Promise<void> {
    try {
      const path = `/v1/drops?limit=50&session=${encodeURIComponent(shopper())}`;
      const answer = await ask<{ data: Drop[]; server_time?: string }>(path);
      for (const drop of answer.data) clock.said(drop.server_time);
      clock.start();
      this.#flash(answer.data);
      this.drops = answer.data;
      this.loaded = true;
      this.trouble = '';
    } catch (trouble) {
      if (trouble instanceof Problem) this.trouble = plain_words(trouble);
    }
  }

  #apply({ event, data }: StreamEvent): void {
    const said = data.server_time ?? data.at;
    if (typeof said === 'string') clock.said(said);
    if (event !== 'price' && event !== 'availability' && event !== 'status') return;
    const drop = this.find(String(data.drop ?? data.id ?? data.slug ?? ''));
    if (drop) {
      if (event === 'status' && typeof data.status === 'string') drop.status = data.status as DropStatus;
      const line = drop.lines.find((entry) => entry.sku === data.sku);
      const mine = data.channel === undefined || drop.channel === undefined || data.channel === drop.channel;
      if (line && mine) {
        // Of a price that a part of the sessions is asked otherwise the shop is asked what is ours.
        if (is_money(data.price) && data.cohort !== true) {
          if (line.price?.amount !== data.price.amount) this.#mark(drop.id, line.sku);
          line.price = data.price;
          line.personal = undefined;
        }
        if (data.available !== undefined) {
          if (line.available !== data.available) this.#mark(drop.id, line.sku);
          line.available = data.available as Available;
        }
      }
    }
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.load();
    }, FRESH_AFTER_EVENT_MS);
  }

  #flash(fresh: Drop[]): void {
    for (const drop of fresh) {
      const before = this.find(drop.id);
      for (const line of drop.lines) {
        const old = before?.lines.find((entry) => entry.sku === line.sku);
        if (old && (old.available !== line.available || old.price?.amount !== line.price?.amount)) {
          this.#mark(drop.id, line.sku);
        }
      }
    }
  }

  #mark(drop: string, sku: string): void {
    this.changed[`${drop} ${sku}`] = Date.now();
  }
}

export const shop = new Shop();
