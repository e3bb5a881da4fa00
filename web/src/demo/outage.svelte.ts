// The demo's proof: what the shop had promised before its process was killed, against what it knows after the
// restart. The figures come from the shop's own audit before and after, and from what this browser itself holds an
// answer for.
import { ask, Problem, Silence } from '../lib/api';
import { clock } from '../lib/clock.svelte';
import { holdings } from '../lib/mine.svelte';
import { plain_words } from '../lib/problems';
import { shop } from '../lib/shop.svelte';
import { stream } from '../lib/stream.svelte';
import type { Audit, Hold } from '../lib/types';

export type Phase = 'none' | 'before' | 'down' | 'verifying' | 'proved' | 'broken' | 'failed';

export interface Proof {
  before: Audit | null;
  after: Audit | null;
  down_ms: number;
  mine_kept: number;
  mine_before: number;
  acknowledged_before: number;
}

const GIVE_UP_MS = 90_000;
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

class Outage {
  phase = $state<Phase>('none');
  proof = $state<Proof>({
    before: null,
    after: null,
    down_ms: 0,
    mine_kept: 0,
    mine_before: 0,
    acknowledged_before: 0,
  });
  trouble = $state('');
  /** Facts of other people's holds, orders and prices that the stream acknowledged while this page was open. */
  heard = $state(0);

  start(): void {
    stream.on(({ event }) => {
      if (event === 'hold' || event === 'order' || event === 'decision' || event === 'price') this.heard += 1;
    });
  }

  async kill(): Promise<void> {
    this.phase = 'before';
    this.trouble = '';
    const mine = Object.values(holdings.all).filter((entry) => entry.hold?.secret);
    const proof: Proof = {
      before: await this.#audit(),
      after: null,
      down_ms: 0,
      mine_kept: 0,
      mine_before: mine.length,
      acknowledged_before: this.heard,
    };
    this.proof = proof;
    const killed_at = performance.now();
    try {
      await ask('/v1/demo/kill', { method: 'POST', body: {}, timeout_ms: 4000 });
    } catch (trouble) {
      // Silence is what one expects of a killed process; a refusal means that it lives on.
      if (!(trouble instanceof Silence)) {
        this.phase = 'failed';
        this.trouble = plain_words(trouble);
        return;
      }
    }
    this.phase = 'down';
    clock.stop();
    if (!(await this.#back(killed_at))) {
      this.phase = 'failed';
      this.trouble =
        'The shop has not come back within 90 s. What it acknowledged lies in its journal; start it again by hand.';
      return;
    }
    this.proof.down_ms = performance.now() - killed_at;
    clock.start();
    this.phase = 'verifying';
    await this.#verify(mine.map((entry) => entry.hold as Hold));
    await shop.load();
  }

  dismiss(): void {
    this.phase = 'none';
  }

  async #back(killed_at: number): Promise<boolean> {
    await pause(150); // the answer may come before the process is gone
    let was_down = false;
    while (performance.now() - killed_at < GIVE_UP_MS) {
      try {
        await ask('/readyz', { timeout_ms: 1500, bearer: null });
        // Ready at once: either it was back within a blink, or it has not died yet. Look again before believing it.
        if (was_down || performance.now() - killed_at > 3000) return true;
      } catch (trouble) {
        was_down = true;
        if (trouble instanceof Problem && trouble.status < 500) return true;
      }
      this.proof.down_ms = performance.now() - killed_at;
      await pause(100);
    }
    return false;
  }

  async #verify(holds: Hold[]): Promise<void> {
    for (const hold of holds) {
      for (let attempt = 0; attempt < 5; attempt += 1) {
        try {
          await ask(`/v1/holds/${encodeURIComponent(hold.id)}`, { bearer: hold.secret });
          this.proof.mine_kept += 1;
          break;
        } catch (trouble) {
          if (trouble instanceof Problem && trouble.status < 500) break;
          await pause(300);
        }
      }
    }
    for (let attempt = 0; attempt < 10 && !this.proof.after; attempt += 1) {
      this.proof.after = await this.#audit();
      if (!this.proof.after) await pause(300);
    }
    const { before, after, mine_before, mine_kept } = this.proof;
    const lost = before && after ? after.facts < before.facts : false;
    const breach = after?.laws.some((law) => !law.holds) ?? false;
    this.phase = lost || breach || mine_kept < mine_before ? 'broken' : 'proved';
  }

  async #audit(): Promise<Audit | null> {
    try {
      return await ask<Audit>('/v1/audit', { timeout_ms: 20_000 });
    } catch {
      return null;
    }
  }
}

export const outage = new Outage();
