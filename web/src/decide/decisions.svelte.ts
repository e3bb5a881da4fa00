// Price decisions of one drop: read once from /v1/decisions, then as they happen. Kept in order of time, each once.
import { ask, Problem } from '../lib/api';
import { plain_words } from '../lib/problems';
import { step_of, type Step } from '../lib/read';
import { stream } from '../lib/stream.svelte';
import type { Decision } from '../lib/types';

const PAGES_MAX = 50; // of 200: more decisions than a drop of 72 h makes in an hour's cadence, by far

/** Every price decision of a drop, oldest first. */
export async function read_all(drop: string): Promise<Step[]> {
  const found: Step[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const more: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const answer: { data: Decision[]; next?: string | null } = await ask(
      `/v1/decisions?drop=${encodeURIComponent(drop)}&limit=200${more}`,
    );
    found.push(...answer.data.map(step_of));
    cursor = answer.next ?? null;
    if (!cursor) break;
  }
  return found.filter((step) => step.price && Number.isFinite(step.at)).sort((a, b) => a.at - b.at);
}

class Decisions {
  steps = $state<Step[]>([]);
  loaded = $state(false);
  trouble = $state('');
  #drop = '';
  #slug = '';
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    stream.on(({ event, data }) => {
      if (event !== 'decision' || !this.#drop || (data.drop !== this.#drop && data.drop !== this.#slug)) return;
      const step = step_of(data);
      if (!step.price || !Number.isFinite(step.at)) return this.#read_soon();
      if (!this.steps.some((known) => known.id === step.id)) this.steps = [...this.steps, step];
    });
  }

  async open(drop: string, slug: string): Promise<void> {
    if (this.#drop !== drop) {
      this.#drop = drop;
      this.#slug = slug;
      this.steps = [];
      this.loaded = false;
    }
    await this.read();
  }

  async read(): Promise<void> {
    const drop = this.#drop;
    if (!drop) return;
    try {
      const found = await read_all(drop);
      if (drop !== this.#drop) return;
      // What the stream said while this was read is newer than the answer: it stays.
      const known = new Set(found.map((step) => step.id));
      const newer = this.steps.filter((step) => !known.has(step.id));
      this.steps = newer.length > 0 ? [...found, ...newer].sort((a, b) => a.at - b.at) : found;
      this.loaded = true;
      this.trouble = '';
    } catch (trouble) {
      if (trouble instanceof Problem) this.trouble = plain_words(trouble);
    }
  }

  #read_soon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.read();
    }, 700);
  }
}

export const decisions = new Decisions();

/** Only the steps at which the price moved, or that a person or the kill switch made. */
export function changes(steps: Step[]): Step[] {
  return steps.filter((step, index) => {
    const before = steps[index - 1];
    return (
      !before ||
      before.price?.amount !== step.price?.amount ||
      step.kind.startsWith('override') ||
      step.kind.startsWith('kill')
    );
  });
}

export interface Row {
  step: Step;
  /** Which change of its line's price it was; null: the price was kept. */
  number: number | null;
  before: Step | null;
}

/** Newest first, each with what stood at its line before. */
export function rows_of(steps: Step[]): Row[] {
  const lines = new Map<string, Step[]>();
  for (const step of steps) {
    const key = `${step.sku} ${step.channel}`;
    const mine = lines.get(key);
    if (mine) mine.push(step);
    else lines.set(key, [step]);
  }
  const out: Row[] = [];
  for (const mine of lines.values()) {
    const moved = new Map(changes(mine).map((step, index) => [step, index + 1]));
    mine.forEach((step, index) => {
      out.push({ step, number: moved.get(step) ?? null, before: mine[index - 1] ?? null });
    });
  }
  return out.sort((a, b) => b.step.at - a.step.at);
}
